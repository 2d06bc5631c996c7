import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Sandbox } from "../../../sandbox/index.ts";
import { type Keys, keysProgram, keysStack } from "../support/sandboxed.ts";
import type { Stack } from "../support/index.ts";

const rotated = (turn: number, more: Record<string, unknown> = {}): Keys => ({
  ci: { name: "ci", keepers: { turn: String(turn) }, keepPrevious: true, ...more },
});

interface Outputs {
  hash: string;
  previousHash: string | null;
}

async function outputsOf(stack: Stack): Promise<Outputs> {
  return ((await stack.outputs({ showSecrets: true })) as { ci: Outputs }).ci;
}

async function succeed(command: Promise<{ exitCode: number | undefined; all: string }>) {
  const { exitCode, all } = await command;
  expect(exitCode, all).toBe(0);
  return all;
}

const secrets = (sandbox: Sandbox) => sandbox.keys().map(({ key }) => key);

describe("with keepPrevious", () => {
  test("when the argument is removed from the program, the previous key is revoked in place and leaves the state, even if the first try fails", async () => {
    const { sandbox, stack, declare } = await keysStack();
    await declare(rotated(1));
    await succeed(stack.up());
    await declare(rotated(2));
    await succeed(stack.up());
    const { hash, previousHash } = await outputsOf(stack);
    const without = { ci: { name: "ci", keepers: { turn: "2" } } };
    await declare(without);
    const removeFault = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
    expect((await stack.up()).exitCode).not.toBe(0);
    expect(await stack.export()).not.toContain(previousHash);
    removeFault();
    await succeed(stack.up());
    expect(secrets(sandbox)).toEqual([hash]);
    expect((await outputsOf(stack)).previousHash).toBeFalsy();
  });

  test("a deletion that a failed run left for the next run does not revoke the previous key", async () => {
    const { sandbox, stack, declare, project } = await keysStack();
    await project.setProgram(`${keysProgram}
      const pulumi = require("@pulumi/pulumi");
      class Consumer extends pulumi.dynamic.Resource {}
      const provider = {
        create: (inputs) => ({ id: "consumer", outs: inputs }),
        update: (id, olds, news) => {
          if (require("node:fs").existsSync("consumer-fails")) throw new Error("the consumer is out of order");
          return { outs: news };
        },
      };
      new Consumer(provider, "consumer", { password: exports.ci.hash });`);
    await declare(rotated(1));
    await succeed(stack.up());
    const { hash: first } = await outputsOf(stack);
    await declare(rotated(2));
    const broken = path.join(project.folder, "consumer-fails");
    await writeFile(broken, "");
    expect((await stack.up()).exitCode).not.toBe(0);
    await rm(broken);
    await succeed(stack.up());
    const now = await outputsOf(stack);
    expect(now.previousHash).toBe(first);
    expect(secrets(sandbox)).toEqual([first, now.hash]);
  });

  test("a refresh drops a previous key that was revoked by hand, and keeps using it if the current key was revoked", async () => {
    const { sandbox, stack, declare } = await keysStack();
    await declare(rotated(1));
    await succeed(stack.up());
    await declare(rotated(2));
    await succeed(stack.up());
    const { previousHash } = await outputsOf(stack);
    await stack.makeKeysOlder();
    sandbox.revoke(sandbox.keys()[1]?.id ?? "");
    await succeed(stack.refresh());
    expect(await stack.export()).not.toContain(previousHash);
    await succeed(stack.up());
    const { hash } = await outputsOf(stack);
    expect(secrets(sandbox)).toEqual([previousHash, hash]);
    await stack.makeKeysOlder();
    sandbox.revoke(sandbox.keys()[0]?.id ?? "");
    await succeed(stack.refresh());
    await succeed(stack.up({ flags: ["--expect-no-changes"] }));
    expect((await outputsOf(stack)).hash).toBe(hash);
  });
});
