import { afterEach, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { ProviderProcess } from "./support/provider-process";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";

const sixteen = Array.from({ length: 16 }, (_, index) => `key ${index}`);

describe("sixteen creates that start together", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());
  const start = async (options?: SandboxOptions) => (sandbox = await startSandbox(options));

  const create = (process: ProviderProcess, names: readonly string[]) =>
    Promise.allSettled(names.map((name) => process.create({ name })));

  const requests = () => {
    const counts = new Map<string, number>();
    for (const { method, route } of sandbox.requests()) {
      const request = `${method} ${route}`;
      counts.set(request, (counts.get(request) ?? 0) + 1);
    }
    return Object.fromEntries(counts);
  };

  test("read the list of existing keys once", async () => {
    await start();
    await create(new ProviderProcess(sandbox), sixteen);
    expect(requests()).toEqual({
      "GET /api/v1/application_key": 1,
      "GET /api/v2/current_user": 1,
      "POST /api/v1/application_key": 16,
    });
  });

  test("read the owner once", async () => {
    await start({ oneTimeRead: true });
    await create(new ProviderProcess(sandbox), sixteen);
    expect(requests()).toMatchObject({ "GET /api/v2/current_user": 1 });
  });

  test.each([403, 404, 410] as const)("detect One-Time Read once, with status %d", async (v1DisabledStatus) => {
    await start({ oneTimeRead: true, v1DisabledStatus });
    const process = new ProviderProcess(sandbox);
    await create(process, sixteen);
    // Later creates use the same result.
    await create(process, ["late"]);
    expect(sandbox.keys()).toHaveLength(17);
    expect(requests()).toEqual({
      "GET /api/v1/application_key": 1,
      "GET /api/v2/current_user": 1,
      "GET /api/v2/current_user/application_keys": 1,
      "POST /api/v2/current_user/application_keys": 17,
    });
  });

  test("detect once that v1 lists keys but does not create them", async () => {
    await start();
    sandbox.fail({ kind: "status", status: 403, method: "POST", route: "/api/v1/application_key", times: Infinity });
    await create(new ProviderProcess(sandbox), sixteen);
    expect(sandbox.keys()).toHaveLength(16);
    expect(requests()).toMatchObject({ "POST /api/v1/application_key": 1 });
  });

  test("each look for their own key after a lost answer", async () => {
    await start({ uniqueNames: false });
    for (const nth of [2, 5, 9]) sandbox.fail({ kind: "drop-after", method: "POST", nth });
    for (const nth of [3, 7]) sandbox.fail({ kind: "drop-before", method: "POST", nth });
    const made = await create(new ProviderProcess(sandbox), sixteen);
    expect(made.map(({ status }) => status)).toEqual(sixteen.map(() => "fulfilled"));
    expect(
      sandbox
        .keys()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...sixteen].sort());
  });

  test("with one name create one key", async () => {
    await start({ uniqueNames: false });
    const made = await create(
      new ProviderProcess(sandbox),
      sixteen.map(() => "one name"),
    );
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(sandbox.keys()).toHaveLength(1);
    for (const result of made)
      if (result.status === "rejected")
        expect(String(result.reason)).toMatch(/want the name .* Give each ApplicationKey its own name/);
  });

  test("with one name adopt one key once", async () => {
    await start();
    const { key } = sandbox.add({ name: "one name" });
    const process = new ProviderProcess(sandbox);
    const made = await Promise.allSettled(sixteen.map(() => process.create({ name: "one name", adopt: true })));
    const adopted = made.flatMap((result) => (result.status === "fulfilled" ? [result.value.outs?.hash] : []));
    expect(adopted).toEqual([key]);
    expect(sandbox.keys()).toHaveLength(1);
  });
});

describe("adopt does not take the key of another resource in the run", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  test.each([true, "replace"] as const)("that has just created it (%s)", async (adopt) => {
    sandbox = await startSandbox({ uniqueNames: false });
    const stack = new Stack(sandbox);
    const { errors } = await stack.up({ a: { name: "ci" }, b: { name: "ci", adopt } }, { parallel: false });
    expect(messagesOf(errors)).toEqual([expect.stringContaining("both want the name")]);
    expect(sandbox.keys().map(({ key }) => key)).toEqual([stack.resources.get("a")?.outputs.hash]);
  });

  test.each([true, "replace"] as const)("that keeps it (%s)", async (adopt) => {
    sandbox = await startSandbox({ uniqueNames: false });
    const stack = new Stack(sandbox);
    await stack.up({ a: { name: "ci" } });
    const before = sandbox.keys();
    const { errors } = await stack.up({ a: { name: "ci" }, b: { name: "ci", adopt } });
    expect(messagesOf(errors)).toEqual([expect.stringContaining("both want the name")]);
    expect(sandbox.keys()).toEqual(before);
  });

  test.each([true, "replace"] as const)("that has it through the other version of the API (%s)", async (adopt) => {
    sandbox = await startSandbox({ uniqueNames: false });
    const stack = new Stack(sandbox);
    await stack.up({ a: { name: "ci", apiVersion: "v1" } });
    const before = sandbox.keys();
    const program = { a: { name: "ci", apiVersion: "v1" }, b: { name: "ci", apiVersion: "v2", adopt } } as const;
    const { errors } = await stack.up(program);
    expect(messagesOf(errors)).toEqual([expect.stringContaining("both want the name")]);
    expect(sandbox.keys()).toEqual(before);
  });

  test("but takes the key of a removed resource, and does not revoke it", async () => {
    sandbox = await startSandbox();
    const stack = new Stack(sandbox);
    await stack.up({ a: { name: "ci" } });
    const before = sandbox.keys();
    const { errors, printed } = await stack.up({ b: { name: "ci", adopt: true } });
    expect(errors).toEqual([]);
    expect(printed).toEqual([expect.stringContaining('is not revoked, because ApplicationKey "b" has it now')]);
    expect(sandbox.keys()).toEqual(before);
    expect([...stack.resources.keys()]).toEqual(["b"]);
  });
});
