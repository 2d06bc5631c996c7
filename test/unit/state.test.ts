import { describe, expect, test } from "vitest";
import { inputsOf, stateNow, stateOf } from "../../provider/lifecycle/model/state";
import type { KeyState } from "../../provider/lifecycle/model/properties";

const uuid = "5ea50001-0000-4000-8000-000000000001";
const full: KeyState = {
  name: "ci",
  hash: "secret",
  owner: "admin@example.com",
  site: "datadoghq.com",
  apiVersion: "v2",
  scopes: ["a", "b"],
  serviceAccountId: uuid,
  keyId: uuid,
  createdAt: "2026-11-23T00:00:00+00:00",
  keepers: { year: "2026" },
  connection: "eu",
};

describe("the state of a key", () => {
  test("made through v1 holds what v1 tells, and no field without a value", () => {
    const record = { id: "v1-1", name: "ci", key: "secret", owner: "me" };
    expect(stateOf(record, "v1", undefined, { name: "ci", site: "datadoghq.com" })).toStrictEqual({
      name: "ci",
      hash: "secret",
      owner: "me",
      site: "datadoghq.com",
      apiVersion: "v1",
    });
  });

  test("made through v2 holds its UUID, its scopes as a set, and what the program said", () => {
    const record = { id: uuid, name: "ci", key: "secret", createdAt: full.createdAt ?? "", scopes: ["b", "a", "b"] };
    const { name, site, serviceAccountId, keepers, connection } = full;
    const inputs = { name, site, ...(serviceAccountId && { serviceAccountId }), ...(keepers && { keepers }) };
    expect(stateOf(record, "v2", full.owner, { ...inputs, ...(connection && { connection }) })).toStrictEqual(full);
  });

  test("is not changed by an answer that leaves everything out but the name", () => {
    expect(stateNow(full, { id: uuid, name: "ci" }, undefined)).toStrictEqual(full);
  });

  test("takes what an answer does tell, but for the time of creation that it has: answers differ by a microsecond", () => {
    const told = { id: uuid, name: "cd", key: "new", owner: "other", createdAt: "later", scopes: ["z"] };
    expect(stateNow(full, told, "other-id")).toStrictEqual({
      ...full,
      name: "cd",
      hash: "new",
      owner: "other",
      scopes: ["z"],
      keyId: "other-id",
    });
  });

  test("has no scopes where Datadog says there are none", () => {
    expect(stateNow(full, { id: uuid, name: "ci", scopes: [] }, undefined)).not.toHaveProperty("scopes");
  });

  test("gives the inputs that would make it, without outputs and secrets", () => {
    const { name, site, scopes, serviceAccountId, keepers, connection } = full;
    expect(inputsOf(full)).toStrictEqual({ name, site, scopes, serviceAccountId, keepers, connection });
    expect(inputsOf({ name: "ci", site: "datadoghq.com", apiVersion: "v1" })).toStrictEqual({
      name: "ci",
      site: "datadoghq.com",
    });
  });
});
