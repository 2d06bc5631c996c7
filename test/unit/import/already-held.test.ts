import { expect, test } from "vitest";
import { heldAs } from "../../../provider/import/already-held.ts";
import { found } from "../support/found.ts";

const where = { site: "datadoghq.com", owner: "me@example.com" };
const held = { resource: "ci", ids: ["v1-0123"], name: "ci", owner: "me@example.com", site: "datadoghq.com" };

test("a key is recognised by each id that the stack stores", () => {
  const v1 = { ...found("new name", { id: "v1-0123" }), version: "v1" as const, uuid: "uuid" };
  expect(heldAs(v1, [held], where)).toBe(held);
  const byUuid = { ...held, ids: ["v1-9999", "uuid"] };
  expect(heldAs(v1, [byUuid], where)).toBe(byUuid);
  expect(heldAs({ ...v1, uuid: undefined }, [{ ...held, ids: ["v1-9999"] }], where)).toBeUndefined();
});

test("v2 recognises a key of v1 by name, owner and site", () => {
  expect(heldAs(found("ci"), [held], where)).toBe(held);
  expect(heldAs(found("ci"), [{ ...held, owner: undefined }], where)).toMatchObject({ resource: "ci" });
  expect(heldAs(found("other"), [held], where)).toBeUndefined();
  expect(heldAs(found("ci"), [{ ...held, site: "datadoghq.eu" }], where)).toBeUndefined();
  expect(heldAs(found("ci"), [{ ...held, owner: "you@example.com" }], where)).toBeUndefined();
  expect(heldAs(found("ci"), [{ ...held, ids: ["v1-0123", "another uuid"] }], where)).toBeUndefined();
});

test("if only v1 is used, a key with a stored UUID is recognised by name, owner and site", () => {
  const v1 = { ...found("ci", { id: "v1-0123" }), version: "v1" as const, uuid: undefined };
  const byUuid = { ...held, ids: ["uuid"] };
  expect(heldAs(v1, [byUuid], where)).toBe(byUuid);
  expect(heldAs({ ...v1, uuid: "other uuid" }, [byUuid], where)).toBeUndefined();
  expect(heldAs(v1, [{ ...byUuid, name: "other" }], where)).toBeUndefined();
  expect(heldAs(v1, [{ ...byUuid, site: "datadoghq.eu" }], where)).toBeUndefined();
  expect(heldAs(v1, [{ ...byUuid, ids: ["uuid", "v1-9999"] }], where)).toBeUndefined();
});
