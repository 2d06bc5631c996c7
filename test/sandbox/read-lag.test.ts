import { describe, expect, test } from "vitest";
import type { SandboxOptions } from "../../sandbox/index";
import { keyBody, start, type Call } from "./support/start";

const v1 = "/api/v1/application_key";
const own = "/api/v2/current_user/application_keys";
const all = "/api/v2/application_keys";

/** Starts a sandbox whose reads are 6 s late. The test moves the clock. */
async function startLate(options: SandboxOptions = {}) {
  let time = 1_000;
  const started = await start({ user: "admin", readLagMs: 6_000, now: () => time, ...options });
  return {
    ...started,
    pass: (ms: number) => void (time += ms),
  };
}

/** The names in the lists. All lists must show the same names. */
async function listed(call: Call): Promise<string[]> {
  const first = (await call("GET", v1)).json as { application_keys: { name: string }[] };
  const names = first.application_keys.map(({ name }) => name).sort();
  for (const path of [own, all]) {
    const { data, meta } = (await call("GET", `${path}?page[size]=100`)).json as {
      data: { attributes: { name: string } }[];
      meta: { page: { total_filtered_count: number } };
    };
    expect(data.map(({ attributes }) => attributes.name).sort()).toEqual(names);
    expect(meta.page.total_filtered_count).toBe(names.length);
  }
  return names;
}

/** The status of reading a key. All its paths must answer the same. */
async function got(call: Call, { id, key }: { id: string; key: string }): Promise<number> {
  const statuses = [];
  for (const path of [`${v1}/${key}`, `${own}/${id}`, `${all}/${id}`]) statuses.push((await call("GET", path)).status);
  expect(new Set(statuses).size).toBe(1);
  return statuses[0] ?? 0;
}

describe("reads that lag", () => {
  test("do not list or find a new key at first, although it already works", async () => {
    const { sandbox, call, pass } = await startLate();
    expect((await call("POST", v1, { body: { name: "ci" } })).status).toBe(200);
    expect((await call("POST", own, { body: keyBody({ name: "cd" }) })).status).toBe(201);
    const [key] = sandbox.keys();
    if (!key) throw new Error("no key was created");
    expect((await call("GET", "/api/v2/current_user", { as: { appKey: key.key } })).status).toBe(200);
    expect((await call("POST", v1, { body: { name: "ci" } })).status).toBe(409);
    pass(5_999);
    expect([await listed(call), await got(call, key)]).toEqual([[], 404]);
    pass(1);
    expect([await listed(call), await got(call, key)]).toEqual([["cd", "ci"], 200]);
  });

  test("still show a revoked key, although it no longer works", async () => {
    const { sandbox, call, pass } = await startLate({ keys: [{ name: "ci" }, { name: "cd" }] });
    const [key] = sandbox.keys();
    if (!key) throw new Error("there is no key");
    expect(await listed(call)).toEqual(["cd", "ci"]);
    expect((await call("DELETE", `${own}/${key.id}`)).status).toBe(204);
    expect((await call("DELETE", `${own}/${key.id}`)).status).toBe(404);
    expect((await call("DELETE", `${v1}/${key.key}`)).status).toBe(404);
    expect((await call("GET", own, { as: { appKey: key.key } })).status).toBe(403);
    expect(sandbox.keys()).toMatchObject([{ name: "cd" }]);
    expect([await listed(call), await got(call, key)]).toEqual([["cd", "ci"], 200]);
    pass(6_000);
    expect([await listed(call), await got(call, key)]).toEqual([["cd"], 404]);
  });

  test("show the old values of a changed key for a while, although the answer to the change has the new ones", async () => {
    const { sandbox, call, pass } = await startLate({ keys: [{ name: "before" }] });
    const { id, key } = sandbox.keys()[0] ?? { id: "", key: "" };
    const rescoped = await call("PATCH", `${all}/${id}`, { body: keyBody({ scopes: ["dashboards_read"] }, id) });
    expect(rescoped.json).toMatchObject({ data: { attributes: { name: "before", scopes: ["dashboards_read"] } } });
    pass(1_000);
    const renamed = await call("PUT", `${v1}/${key}`, { body: { name: "after" } });
    expect(renamed.json).toMatchObject({ application_key: { name: "after" } });
    const shown = async () => (await call("GET", `${own}/${id}`)).json;
    pass(4_999);
    expect(await shown()).toMatchObject({ data: { attributes: { name: "before", scopes: null } } });
    pass(1);
    expect(await shown()).toMatchObject({ data: { attributes: { name: "before", scopes: ["dashboards_read"] } } });
    expect(await listed(call)).toEqual(["before"]);
    pass(1_000);
    expect(await shown()).toMatchObject({ data: { attributes: { name: "after", scopes: ["dashboards_read"] } } });
    expect(await listed(call)).toEqual(["after"]);
  });

  test("are late for a service account's keys too", async () => {
    const { call, sandbox, pass } = await startLate({ users: [{ handle: "robot", serviceAccount: true }] });
    const path = `/api/v2/service_accounts/${sandbox.user("robot").id}/application_keys`;
    expect((await call("POST", path, { body: keyBody({ name: "ci" }) })).status).toBe(201);
    const one = `${path}/${sandbox.keys()[0]?.id ?? ""}`;
    expect((await call("GET", one)).status).toBe(404);
    expect((await call("GET", path)).json).toMatchObject({ data: [] });
    pass(6_000);
    expect((await call("GET", one)).status).toBe(200);
    expect((await call("GET", path)).json).toMatchObject({ data: [{}] });
  });

  test("filter, sort and page the old values", async () => {
    const { sandbox, call, pass } = await startLate({ keys: [{ name: "ci-1" }, { name: "ci-2" }, { name: "cd" }] });
    pass(10);
    sandbox.add({ name: "ci-3" });
    sandbox.rename(sandbox.keys()[0]?.id ?? "", "other");
    const query = `${own}?filter=ci&sort=-created_at&page[size]=2`;
    const shown = (...names: string[]) => ({ data: names.map((name) => ({ attributes: { name } })) });
    expect((await call("GET", query)).json).toMatchObject(shown("ci-2", "ci-1"));
    pass(6_000);
    expect((await call("GET", query)).json).toMatchObject(shown("ci-3", "ci-2"));
  });

  test("show changes from the web page late too, and the lag can be set while the sandbox runs", async () => {
    const { sandbox, call, pass } = await startLate({ readLagMs: 0 });
    const { id } = sandbox.add({ name: "a" });
    pass(1);
    sandbox.rename(id, "b");
    expect(await listed(call)).toEqual(["b"]);
    sandbox.setReadLag(1);
    expect(await listed(call)).toEqual(["a"]);
    sandbox.setReadLag(2);
    expect(await listed(call)).toEqual([]);
    sandbox.setReadLag(0);
    expect(await listed(call)).toEqual(["b"]);
  });

  test("have creation times of the same clock", async () => {
    const { sandbox, pass } = await startLate();
    const first = Date.parse(sandbox.add({ name: "a" }).createdAt);
    expect(Math.abs(first - Date.now())).toBeLessThan(10_000);
    pass(3_600_000);
    expect(Date.parse(sandbox.add({ name: "b" }).createdAt) - first).toBe(3_600_000);
  });
});
