import { afterEach, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { Stack } from "./support/stack";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const keysOf = (count: number, prefix = "other") =>
  Array.from({ length: count }, (_, index) => ({ name: `${prefix} ${index}` }));
const programOf = (names: readonly string[], apiVersion: "v1" | "v2") =>
  Object.fromEntries(names.map((name) => [name, { name, apiVersion }]));

async function stackOf(names: readonly string[], apiVersion: "v1" | "v2", options: SandboxOptions) {
  sandbox = await startSandbox(options);
  const stack = new Stack(sandbox);
  const { errors } = await stack.up(programOf(names, apiVersion));
  expect(errors).toEqual([]);
  return stack;
}

const requestsDuring = async (work: () => Promise<unknown>) => {
  const before = sandbox.requests().length;
  await work();
  return sandbox.requests().slice(before);
};

describe("a refresh with v2", () => {
  test.each([
    [1, 1000, 1],
    [2, 1000, 12],
    [40, 1000, 12],
    [3, 0, 2],
  ])(
    "of %i keys, whose owner has %i others, sends at most %i requests (the first key, then the list)",
    async (ours, others, most) => {
      const names = keysOf(ours, "ours").map(({ name }) => name);
      const stack = await stackOf(names, "v2", { keys: keysOf(others) });
      const requests = await requestsDuring(() => stack.refresh());
      expect(requests.length).toBeLessThanOrEqual(most);
      expect(stack.state()).toHaveLength(ours);
    },
  );

  test("of 200 keys, one at a time, sends one request more than the list has pages", async () => {
    const names = keysOf(200, "ours").map(({ name }) => name);
    const stack = await stackOf(names, "v2", {});
    expect(await requestsDuring(() => stack.refresh({ parallel: false }))).toHaveLength(3);
  });

  test("finds keys that move to another page while others are revoked", async () => {
    const names = keysOf(30, "ours").map(({ name }) => name);
    const stack = await stackOf(names, "v2", { keys: keysOf(250), latencyMs: 5 });
    const others = sandbox.keys().filter(({ name }) => name.startsWith("other"));
    const revokeSome = setInterval(() => {
      for (const { id } of others.splice(0, 3)) sandbox.revoke(id);
    }, 5);
    const { errors } = await stack.refresh();
    clearInterval(revokeSome);
    expect(errors).toEqual([]);
    expect(stack.state()).toHaveLength(30);
  });
});

test.each(["v1", "v2"] as const)(
  "an organisation with 20,000 keys works with %s like any other",
  async (apiVersion) => {
    const stack = await stackOf(["a", "b"], apiVersion, { user: "admin", keys: keysOf(20_000) });
    expect((await stack.refresh()).errors).toEqual([]);
    expect((await stack.up(programOf(["b"], apiVersion))).errors).toEqual([]);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(sandbox.keys()).toHaveLength(20_000);
  },
);

describe("a key of v1 in One-Time Read mode", () => {
  test("cannot be distinguished from another key with the same last characters, whatever its creation time", async () => {
    const stack = await stackOf(["a"], "v1", {});
    const [made] = sandbox.keys();
    sandbox.setOneTimeRead(true);
    sandbox.revoke(made?.id ?? "");
    const createdAt = "2020-01-01T00:00:00.000000+00:00";
    sandbox.add({ name: "another", key: `ddapp_${"0".repeat(30)}${made?.last4 ?? ""}`, createdAt });
    const { errors } = await stack.refresh();
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining("Cannot tell whether")]);
    expect(stack.state()).toHaveLength(1);
  });
});

describe("a key with scopes that was created by hand and is adopted through v1", () => {
  test("loses its scopes if the program has none, and the state says so", async () => {
    sandbox = await startSandbox({});
    const { id } = sandbox.add({ name: "ci", scopes: ["dashboards_read"] });
    const stack = new Stack(sandbox);
    const { errors } = await stack.up({ ci: { name: "ci", adopt: true } });
    expect(errors).toEqual([]);
    expect(sandbox.keys()).toMatchObject([{ id, scopes: null }]);
    expect(stack.state()[0]?.outputs).toMatchObject({ apiVersion: "v1", keyId: id });
    expect(stack.state()[0]?.outputs).not.toHaveProperty("scopes");
  });

  test("is not confused with a key of its name whose last four characters v2 does not show", async () => {
    sandbox = await startSandbox({ uniqueNames: false });
    const other = sandbox.add({ name: "ci", scopes: ["dashboards_read"] });
    const { id, key } = sandbox.add({ name: "ci", scopes: ["monitors_read"] });
    const route = "/api/v2/current_user/application_keys";
    const headers = { "dd-api-key": sandbox.apiKey, "dd-application-key": sandbox.appKey };
    const list = (await (await fetch(sandbox.url + route, { headers })).json()) as {
      data: { id: string; attributes: { last4?: string } }[];
    };
    list.data.sort((one) => (one.id === other.id ? -1 : 1));
    delete list.data[0]?.attributes.last4;
    const answer = { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(list) };
    sandbox.fail({ kind: "answer", ...answer, method: "GET", route, times: Infinity });
    const stack = new Stack(sandbox);
    const { errors } = await stack.up({ ci: { name: "ci", adopt: { secret: key } } });
    expect(errors).toEqual([]);
    expect(stack.state()[0]?.outputs).toMatchObject({ hash: key, keyId: id });
    expect(sandbox.keys()).toMatchObject([
      { id: other.id, scopes: ["dashboards_read"] },
      { id, scopes: null },
    ]);
  });

  test("is not adopted if v2 refuses to show its scopes", async () => {
    sandbox = await startSandbox({});
    sandbox.add({ name: "ci", scopes: ["dashboards_read"] });
    sandbox.fail({ kind: "status", status: 403, route: "/api/v2/current_user/application_keys", times: Infinity });
    const { errors } = await new Stack(sandbox).up({ ci: { name: "ci", adopt: true } });
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining("v1 does not show whether it has scopes"),
    ]);
  });
});
