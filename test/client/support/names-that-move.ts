import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../sandbox/index";
import { long } from "../../support/figures";
import { lateAnswers } from "./late-answers";
import { type Program, Stack } from "./stack";
import { colleague } from "./surroundings";
import { VirtualClock } from "./virtual-clock";

const names = ["a", "b", "c", "d", "e"];

const modes: SandboxOptions[] = [{}, { uniqueNames: "owner" }, { uniqueNames: false }, { oneTimeRead: true }];

/** A key of a program. `name` is an index into the names that are still free, and a new `turn` rotates the key. */
const key = fc.record({ name: fc.nat(), turn: fc.constantFrom("0", "0", "1") });
const keys = fc.array(key, { minLength: names.length, maxLength: names.length });

const scenario = fc.record({
  mode: fc.constantFrom(...modes),
  readLagMs: fc.constantFrom(0, 3_000),
  version: fc.constantFrom({}, { apiVersion: "v2" as const }),
  keepPrevious: fc.boolean(),
  adopt: fc.constantFrom(false, false, true, "replace" as const),
  /** Who runs the second program. A colleague may change all keys. */
  runner: fc.constantFrom("owner", "colleague"),
  /**
   * The number of resources in the first program. The second has at least as many, because a removed key keeps its name
   * until the end of the run.
   */
  size: fc.integer({ min: 2, max: 4 }),
  more: fc.constantFrom(0, 0, 1),
  first: keys,
  second: keys,
  /** The seed of the delays. */
  seed: fc.nat(),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** @param start the seed of the programs. A normal run tries the same programs every day, a long run tries new ones. */
export function testNamesThatMove(sequences: number, start: number): void {
  test(
    `each resource ends with its own key, even if names change and answers are late (${sequences} programs)`,
    { timeout: 600_000 },
    async () => {
      const seed = long ? {} : { seed: Number(process.env["TEST_SEED"] ?? start) };
      await fc.assert(fc.asyncProperty(scenario, run), { numRuns: sequences, ...seed });
    },
  );
}

async function run({ mode, readLagMs, first, second, size, more, seed, runner, ...args }: Scenario): Promise<void> {
  const clock = new VirtualClock();
  const sandbox = await startSandbox({ ...mode, readLagMs, now: () => clock.now(), users: [colleague] });
  try {
    const stack = new Stack(sandbox);
    expect((await stack.up(programOf(first.slice(0, size), args), { clock })).errors).toEqual([]);
    const before = new Map(stack.resources);
    await clock.sleep(readLagMs);
    const program = programOf(second.slice(0, size + more), args);
    sandbox.failAtRandom({ seed, probability: 0.7, kinds: lateAnswers });
    const { appKey } = runner === "owner" ? sandbox : sandbox.user(colleague.handle);
    expect((await stack.up(program, { clock, appKey })).errors).toEqual([]);
    for (const [resource, { id, inputs }] of before)
      if (inputs.keepers?.["turn"] === program[resource]?.keepers?.["turn"])
        expect(stack.resources.get(resource)?.id).toBe(id);
    expectKeys(sandbox, stack, program);
  } finally {
    await sandbox.close();
  }
}

/** Each resource has a key with its name. The only other keys are the previous ones. */
function expectKeys(sandbox: Sandbox, stack: Stack, program: Program): void {
  const left = new Map(sandbox.keys().map((one) => [one.key, one.name]));
  for (const [resource, { outputs }] of stack.resources) {
    expect(left.get(outputs.hash ?? ""), resource).toBe(program[resource]?.name);
    left.delete(outputs.hash ?? "");
    if (outputs.previousHash !== undefined) expect(left.delete(outputs.previousHash), resource).toBe(true);
  }
  expect([...left.values()]).toEqual([]);
}

function programOf(
  declared: readonly { name: number; turn: string }[],
  { version, keepPrevious, adopt }: Pick<Scenario, "version" | "keepPrevious" | "adopt">,
): Program {
  const free = [...names];
  const inputs = declared.map(({ name, turn }) => {
    const [given = ""] = free.splice(name % free.length, 1);
    return { name: given, keepers: { turn }, keepPrevious, adopt, ...version };
  });
  return Object.fromEntries(inputs.map((one, index) => [`key ${index}`, one]));
}
