import { expect, onTestFinished, test, vi } from "vitest";
import { isRunning, type RunningCommand } from "../support/index.ts";
import { keysStack } from "../support/sandboxed.ts";
import type { Sandbox } from "../../../sandbox/index.ts";

const keys = { one: { name: "one" }, two: { name: "two" } };
const up = ["up", "--yes", "--skip-preview"];
const aMinute = { "x-ratelimit-reset": "60", "x-ratelimit-name": "keys" };

/** A command that waits one minute for a rate limit. */
async function waitingCommand() {
  const made = await keysStack();
  await made.declare(keys);
  const limited = made.sandbox.fail({ kind: "rate-limit", method: "POST", times: Infinity, headers: aMinute });
  const command = started(made.stack.spawn(up));
  await arrived(made.sandbox, 429);
  return { ...made, command, limited };
}

function started(command: RunningCommand): RunningCommand {
  onTestFinished(() => command.cleanUp());
  return command;
}

/** Waits for the first request that creates a key. */
async function arrived(sandbox: Sandbox, status?: number): Promise<void> {
  const filter = { method: "POST", ...(status !== undefined && { status }) };
  await vi.waitUntil(() => sandbox.requests(filter).length > 0, { timeout: 60_000, interval: 5 });
}

const names = (sandbox: Sandbox) =>
  sandbox
    .keys()
    .map(({ name }) => name)
    .sort();

test("one Ctrl-C ends the wait for a rate limit with a message, and the next up continues", async () => {
  const { sandbox, stack, command, limited } = await waitingCommand();
  const interrupted = performance.now();
  const { exitCode, all } = await command.interrupt();
  expect(performance.now() - interrupted).toBeLessThan(20_000);
  expect(exitCode).toBe(1);
  for (const name of ["one", "two"])
    expect(all).toContain(`429 creating application key "${name}" (v1) on datadoghq.com: the wait for Datadog's rate`);
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);

  limited();
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["one", "two"]);
});

test("a second Ctrl-C does not wait for the pending answer, and leaves no process behind", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare(keys);
  sandbox.fail({ kind: "delay", method: "POST", ms: 10 * 60_000 });
  const command = started(stack.spawn(up));
  await arrived(sandbox);
  const provider = await command.providerPid();
  const interrupted = performance.now();
  await command.interruptUntilItEnds(25_000);
  await expect.poll(() => isRunning(provider), { timeout: 10_000 }).toBe(false);
  // After one Ctrl-C, the command would wait until the request times out.
  expect(performance.now() - interrupted).toBeLessThan(25_000);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["one", "two"]);
});

test("the provider of a killed CLI ends too, so it creates no key after its wait", async () => {
  const { sandbox, command } = await waitingCommand();
  const provider = await command.providerPid();
  await command.kill("cli");
  await expect.poll(() => isRunning(provider), { timeout: 10_000 }).toBe(false);
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
});

test("a key whose answer was lost is kept if Ctrl-C ends the wait before the provider looks for the key", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ one: { name: "one" } });
  sandbox.fail({ kind: "drop-after", method: "POST" });
  const command = started(stack.spawn(up));
  await arrived(sandbox);
  await command.interrupt();
  expect(await stack.up()).toMatchObject({ exitCode: 0, all: expect.not.stringContaining("+ 1 created") as string });
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({ one: { hash: sandbox.keys()[0]?.key } });
});

test("if the key does not exist yet when Ctrl-C ends that wait, the error names it, and no further request is sent", async () => {
  const { sandbox, stack, declare } = await keysStack();
  await declare({ one: { name: "one" } });
  sandbox.fail({ kind: "drop-before", method: "POST" });
  const command = started(stack.spawn(up));
  await arrived(sandbox);
  const { exitCode, all } = await command.interrupt();
  expect(exitCode).toBe(1);
  expect(all).toMatch(/application key "one" may have been created on datadoghq.com.*The wait for it was interrupted/);
  expect(sandbox.requests({ method: "POST" })).toHaveLength(1);
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(names(sandbox)).toEqual(["one"]);
});
