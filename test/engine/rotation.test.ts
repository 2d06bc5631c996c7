import { expect, onTestFinished, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { consumed, consumersProgram } from "./support/consumers.ts";
import { connection, keysProject } from "./support/sandboxed.ts";

const writes = (sandbox: Sandbox) =>
  sandbox
    .requests()
    .filter(({ method }) => method !== "GET")
    .map(({ method, status }) => `${method} ${status ?? ""}`);

/** The organisations of one stack with a key in each, and the requests that rotate the key. */
const organisations = {
  unique: { options: {}, sends: ["POST 409", "PUT 200", "POST 200", "DELETE 200"] },
  duplicates: { options: { uniqueNames: false }, sends: ["POST 200", "DELETE 200"] },
  oneTimeRead: { options: { oneTimeRead: true }, sends: ["POST 409", "PATCH 200", "POST 201", "DELETE 204"] },
  oneTimeReadDuplicates: {
    options: { oneTimeRead: true, uniqueNames: false },
    sends: ["POST 201", "DELETE 204"],
  },
} satisfies Record<string, { options: SandboxOptions; sends: string[] }>;

test("a change of keepers creates the new key, then updates the dependents, then revokes the old key", async () => {
  const set = await Promise.all(
    Object.entries(organisations).map(async ([name, { options, sends }]) => {
      const sandbox = await startSandbox(options);
      onTestFinished(() => sandbox.close());
      return {
        name,
        sandbox,
        sends,
        bystander: sandbox.add({ name: "another key" }),
        settings: connection(name, sandbox),
      };
    }),
  );
  const { project, declare } = await keysProject({ program: consumersProgram });
  const stack = await project.stack("dev", {
    config: Object.assign({}, ...set.map(({ settings }) => settings.config)) as Record<string, string>,
    secrets: Object.assign({}, ...set.map(({ settings }) => settings.secrets)) as Record<string, string>,
  });
  const rotate = (to: string) =>
    declare(Object.fromEntries(set.map(({ name }) => [name, { name: "ci", connection: name, keepers: { to } }])));

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
