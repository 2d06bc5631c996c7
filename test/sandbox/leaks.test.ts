import { expect, test } from "vitest";
import { keyBody, start } from "./support/start";

const own = "/api/v2/current_user/application_keys";
const all = "/api/v2/application_keys";

test("v2 marks a leaked key in every answer, and includes the place where it was found", async () => {
  const { sandbox, call } = await start({ user: "admin", keys: [{ name: "leaked" }, { name: "safe" }] });
  const [leaked, safe] = sandbox.keys();
  if (!leaked || !safe) throw new Error("there are no keys");
  sandbox.leak(leaked.id, { source: "https://example.com/paste/1", date: "2026-08-01T00:00:00Z" });
  const id = sandbox.keys()[0]?.leak?.id ?? "";
  const resource = {
    type: "leaked_keys",
    id,
    attributes: { date: "2026-08-01T00:00:00Z", leak_source: "https://example.com/paste/1" },
  };
  const marked = { id: leaked.id, relationships: { leak_information: { data: { type: "leaked_keys", id } } } };
  const unmarked = { id: safe.id, relationships: { leak_information: { data: null } } };
  for (const path of [own, all])
    expect((await call("GET", path)).json).toMatchObject({ data: [marked, unmarked], included: [resource] });
  for (const path of [`${own}/${leaked.id}`, `${all}/${leaked.id}`, `${all}/${leaked.id}?include=owned_by`]) {
    const { data, included } = (await call("GET", path)).json as { data: unknown; included: unknown[] };
    expect(data).toMatchObject(marked);
    expect(included).toContainEqual(resource);
  }
  const renamed = await call("PATCH", `${own}/${leaked.id}`, { body: keyBody({ name: "renamed" }, leaked.id) });
  expect(renamed.json).toMatchObject({ data: marked, included: [resource] });
  expect((await call("GET", `${all}/${safe.id}`)).json).not.toHaveProperty("included");
});

test("date and source have defaults, and the source may be unknown", async () => {
  const { sandbox } = await start({ keys: [{ name: "a" }, { name: "b" }] });
  const [a, b] = sandbox.keys();
  sandbox.leak(a?.id ?? "");
  sandbox.leak(b?.id ?? "", { source: null });
  expect(sandbox.keys().map(({ leak }) => leak?.source)).toEqual([expect.stringMatching(/^https:/), null]);
  expect(Date.parse(sandbox.keys()[0]?.leak?.date ?? "")).not.toBeNaN();
});
