import { describe, expect, test } from "vitest";
import { type Identity, inputsOf, stateNow, stateOf, type KeyState } from "../../provider/lifecycle/model/state";
import { defined } from "../../provider/defined";

const uuid = "5ea50001-0000-4000-8000-000000000001";
/** The owner and the location of the key. */
const identity: Identity = {
  owner: "admin@example.com",
  ownerId: "05e20001-0000-4000-8000-000000000001",
  orgId: "0a9a0001-0000-4000-8000-000000000001",
  __credentials: "0123456789ab",
};
const full: KeyState = {
  name: "ci",
  hash: "secret",
  site: "datadoghq.com",
  apiVersion: "v2",
  scopes: ["a", "b"],
  serviceAccountId: uuid,
  keyId: uuid,
  createdAt: "2026-11-23T00:00:00+00:00",
  keepers: { year: "2026" },
  connection: "eu",
  ...identity,
  __resource: "pulumi-nodejs:dynamic/datadog:ApplicationKey::ci",
};

describe("the state of a key", () => {
  test("created through v1 has v1's fields, and none without a value", () => {
    const record = { id: "v1-1", name: "ci", key: "secret", owner: "me" };
    expect(stateOf(record, "v1", {}, { name: "ci", site: "datadoghq.com" })).toStrictEqual({
      name: "ci",
      hash: "secret",
      owner: "me",
      site: "datadoghq.com",
      apiVersion: "v1",
    });
  });

  test("created through v2 has its UUID, its scopes as a set, and the program's arguments", () => {
    const record = { id: uuid, name: "ci", key: "secret", createdAt: full.createdAt ?? "", scopes: ["b", "a", "b"] };
    const { name, site, serviceAccountId, keepers, connection, __resource } = full;
    const inputs = { name, site, ...defined({ serviceAccountId, keepers, connection, __resource }) };
    expect(stateOf(record, "v2", identity, inputs)).toStrictEqual(full);
  });

  test("has the credentials that showed its organisation, if any", () => {
    const { __credentials } = identity;
    const state = stateOf({ id: uuid, name: "ci" }, "v2", defined({ __credentials }), full);
    expect(state).not.toHaveProperty("__credentials");
  });

  test("no longer says that the key is gone once the key exists again", () => {
    expect(stateNow({ ...full, __gone: true }, { id: uuid, name: "ci" }, undefined)).toStrictEqual(full);
  });

  test("is not changed by an answer that has only the name", () => {
    expect(stateNow(full, { id: uuid, name: "ci" }, undefined)).toStrictEqual(full);
  });

  test("takes an answer's fields except a known creation time, because answers differ by a microsecond", () => {
    const found = { id: uuid, name: "cd", key: "new", owner: "other", createdAt: "later", scopes: ["z"] };
    expect(stateNow(full, found, "other-id")).toStrictEqual({
      ...full,
      name: "cd",
      hash: "new",
      owner: "other",
      scopes: ["z"],
      keyId: "other-id",
    });
  });

  test("has no scopes if Datadog says that there are none", () => {
    expect(stateNow(full, { id: uuid, name: "ci", scopes: [] }, undefined)).not.toHaveProperty("scopes");
  });

  test("contains the inputs that would create it, without outputs and secrets", () => {
    const { name, site, scopes, serviceAccountId, keepers, connection, __resource, __credentials } = full;
    const inputs = { name, site, scopes, serviceAccountId, keepers, connection, __resource, __credentials };
    expect(inputsOf(full)).toStrictEqual(inputs);
    expect(inputsOf({ name: "ci", site: "datadoghq.com", apiVersion: "v1" })).toStrictEqual({
      name: "ci",
      site: "datadoghq.com",
    });
  });
});
