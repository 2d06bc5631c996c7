import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { connection, keysProgram, keysProject, keysStack } from "./support/sandboxed.ts";
import type { Stack } from "./support/index.ts";

/** Keys, and for each a resource that depends on its secret. */
const program = `${keysProgram}
  const pulumi = require("@pulumi/pulumi");
  const provider = {
    create: (inputs) => ({ id: "consumer", outs: inputs }),
    update: (id, olds, news) => {
      if (require("node:fs").existsSync("consumer-fails")) throw new Error("the consumer is out of order");
      return { outs: news };
    },
  };
  class Consumer extends pulumi.dynamic.Resource {}
  for (const [name, key] of Object.entries(exports)) new Consumer(provider, name + "-consumer", { password: key.hash });
`;

async function rotating(options?: SandboxOptions) {
  const setUp = await keysStack(options);
  await setUp.project.setProgram(program);
  const rotate = (to: string, more: Record<string, unknown> = {}) =>
    setUp.ask({ ci: { name: "ci", keepers: { rotated: to }, ...more } });
  return { ...setUp, rotate };
}

async function hashOf(stack: Stack): Promise<string> {
  const { ci } = (await stack.outputs({ showSecrets: true })) as { ci: { hash: string } };
  return ci.hash;
}

/** The secret that each key's consumer has, by the key's name in the program. */
async function consumed(stack: Stack): Promise<Record<string, unknown>> {
  const { stdout } = await stack.succeed(["stack", "export", "--show-secrets", "--stack", stack.name]);
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: { urn: string; outputs?: { password?: { plaintext: string } } }[] };
  };
  const passwords = deployment.resources.flatMap(({ urn, outputs }) => {
    const name = /::(\w+)-consumer$/.exec(urn)?.[1];
    return name && outputs?.password ? [[name, JSON.parse(outputs.password.plaintext)] as const] : [];
  });
  return Object.fromEntries(passwords);
}

const names = (sandbox: Sandbox) => sandbox.keys().map(({ name }) => name);
const writes = (sandbox: Sandbox) =>
  sandbox
    .requests()
    .filter(({ method }) => method !== "GET")
    .map(({ method, status }) => `${method} ${status ?? ""}`);

/** One stack has a key in each of them. What it sends to rotate the key: */
const organisations = {
  unique: { options: {}, sends: ["POST 409", "PUT 200", "POST 200", "DELETE 200"] },
  duplicates: { options: { uniqueNames: false }, sends: ["POST 200", "DELETE 200"] },
  oneTimeRead: { options: { oneTimeRead: true }, sends: ["POST 409", "PATCH 200", "POST 201", "DELETE 204"] },
  oneTimeReadDuplicates: {
    options: { oneTimeRead: true, uniqueNames: false },
    sends: ["POST 201", "DELETE 204"],
  },
} satisfies Record<string, { options: SandboxOptions; sends: string[] }>;

test("a change of keepers makes the new key, then updates what depends on it, then revokes the old one", async () => {
  const set = await Promise.all(
    Object.entries(organisations).map(async ([name, { options, sends }]) => {
      const sandbox = await startSandbox(options);
      onTestFinished(() => sandbox.close());
      return {
        name,
        sandbox,
        sends,
        bystander: sandbox.add({ name: "somebody else's" }),
        settings: connection(name, sandbox),
      };
    }),
  );
  const { project, ask } = await keysProject({ program });
  const stack = await project.stack("dev", {
    config: Object.assign({}, ...set.map(({ settings }) => settings.config)) as Record<string, string>,
    secrets: Object.assign({}, ...set.map(({ settings }) => settings.secrets)) as Record<string, string>,
  });
  const rotate = (to: string) =>
    ask(Object.fromEntries(set.map(({ name }) => [name, { name: "ci", connection: name, keepers: { to } }])));

  await rotate("first");
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  const before = await consumed(stack);
  const sent = set.map(({ sandbox }) => writes(sandbox).length);

  await rotate("second");
  const rotated = await stack.up();
  expect(rotated).toMatchObject({ exitCode: 0 });
  const after = await consumed(stack);
  for (const [index, { name, sandbox, sends, bystander }] of set.entries()) {
    const [others, keys] = [sandbox.keys().slice(0, 1), sandbox.keys().slice(1)];
    expect(others).toEqual([bystander]);
    expect(keys).toMatchObject([{ name: "ci", key: after[name] }]);
    expect(after[name]).not.toBe(before[name]);
    expect(writes(sandbox).slice(sent[index])).toEqual(sends);
    const steps = [`${name} created replacement`, `${name}-consumer updated`, `${name} deleted original`];
    const printed = steps.filter((words) => rotated.stdout.includes(words));
    const at = (words: string) => rotated.stdout.indexOf(words);
    expect(printed.sort((one, other) => at(one) - at(other))).toEqual(steps);
  }

  const requests = () => set.map(({ sandbox }) => sandbox.requests().length);
  const quiet = requests();
  expect((await stack.preview()).stdout).toContain("9 unchanged");
  expect(requests()).toEqual(quiet);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  for (const { sandbox, bystander } of set) expect(sandbox.keys()).toEqual([bystander]);
});

describe("a rotation that fails in the middle is finished by the next up", () => {
  test("the new key is refused: the old one is aside and goes on being used", async () => {
    const { sandbox, stack, rotate } = await rotating();
    await rotate("first");
    await stack.up();
    const before = await hashOf(stack);

    const repair = sandbox.fail({ kind: "status", status: 403, method: "POST", nth: 2, times: Infinity });
    await rotate("second");
    expect(await stack.up()).not.toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: expect.stringMatching(/^ci \(replaced /) as string, key: before }]);
    expect(await hashOf(stack)).toBe(before);
    expect(await consumed(stack)).toEqual({ ci: before });

    repair();
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: await hashOf(stack) }]);
    expect(await hashOf(stack)).not.toBe(before);
    await stack.destroy();
  });

  test("the old key cannot step aside: nothing is made, and the old one keeps its name", async () => {
    const { sandbox, stack, rotate } = await rotating();
    await rotate("first");
    await stack.up();
    const before = await hashOf(stack);

    const repair = sandbox.fail({ kind: "status", status: 403, method: "PUT", times: Infinity });
    await rotate("second");
    expect(await stack.up()).not.toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: before }]);
    expect(await hashOf(stack)).toBe(before);

    repair();
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: await hashOf(stack) }]);
    await stack.destroy();
  });

  test("what depends on it fails: both keys live and are known", async () => {
    const { sandbox, stack, rotate, project } = await rotating({ oneTimeRead: true });
    await rotate("first");
    await stack.up();
    const before = await hashOf(stack);

    await writeFile(path.join(project.folder, "consumer-fails"), "");
    await rotate("second");
    expect(await stack.up()).not.toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toHaveLength(2);
    expect(sandbox.keys()).toContainEqual(expect.objectContaining({ key: before }));
    expect(await consumed(stack)).toEqual({ ci: before });
    const state = await stack.export();
    for (const { key } of sandbox.keys()) expect(state).not.toContain(key);
    expect(state.match(/"delete": true/g)).toHaveLength(1);

    await rm(path.join(project.folder, "consumer-fails"));
    expect(await stack.up()).toMatchObject({ exitCode: 0 });
    const after = await hashOf(stack);
    expect(sandbox.keys()).toMatchObject([{ name: "ci", key: after }]);
    expect(await consumed(stack)).toEqual({ ci: after });
    await stack.destroy();
    expect(sandbox.keys()).toEqual([]);
  });

  test.each([{ oneTimeRead: false }, { oneTimeRead: true }])(
    "the old key cannot be revoked: the error says so and the next up revokes it (One-Time Read: $oneTimeRead)",
    async (options) => {
      const { sandbox, stack, rotate } = await rotating(options);
      await rotate("first");
      await stack.up();
      const before = await hashOf(stack);

      const repair = sandbox.fail({ kind: "status", status: 403, method: "DELETE", times: Infinity });
      await rotate("second");
      const failed = await stack.up();
      expect(failed).not.toMatchObject({ exitCode: 0 });
      expect(failed.all).toContain("403");
      expect(sandbox.keys()).toHaveLength(2);
      expect(await consumed(stack)).toEqual({ ci: await hashOf(stack) });
      expect(await hashOf(stack)).not.toBe(before);

      repair();
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      expect(sandbox.keys()).toMatchObject([{ name: "ci", key: await hashOf(stack) }]);
      await stack.destroy();
      expect(sandbox.keys()).toEqual([]);
    },
  );

  test.each([{ oneTimeRead: false }, { oneTimeRead: true }])(
    "the answer to the new key is lost: exactly one key is left (One-Time Read: $oneTimeRead)",
    async (options) => {
      const { sandbox, stack, rotate } = await rotating(options);
      await rotate("first");
      await stack.up();
      // The first POST is refused for its name; the second is carried out.
      sandbox.fail({ kind: "drop-after", method: "POST", nth: 2 });
      await rotate("second");
      expect(await stack.up()).toMatchObject({ exitCode: 0 });
      expect(names(sandbox)).toEqual(["ci"]);
      expect(sandbox.keys()).toMatchObject([{ key: await hashOf(stack) }]);
      await stack.destroy();
    },
  );
});

test("a key that is renamed and rotated in one step leaves the old name unused", async () => {
  const { sandbox, stack, rotate } = await rotating();
  await rotate("first");
  await stack.up();
  await rotate("second", { name: "ci-second" });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["ci-second"]);
  await stack.destroy();
});
