import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../sandbox/index";

test("a user may own only as many keys as the limit says, through v1 and v2", async () => {
  const sandbox = await startSandbox({ maxKeysPerUser: 2, keys: [{ name: "one" }, { name: "other", owner: "admin" }] });
  onTestFinished(() => sandbox.close());
  const headers = {
    "dd-api-key": sandbox.apiKey,
    "dd-application-key": sandbox.appKey,
    "content-type": "application/json",
  };
  const v1 = (name: string) =>
    fetch(`${sandbox.url}/api/v1/application_key`, { method: "POST", headers, body: JSON.stringify({ name }) });
  const v2 = (name: string) => {
    const body = JSON.stringify({ data: { type: "application_keys", attributes: { name } } });
    return fetch(`${sandbox.url}/api/v2/current_user/application_keys`, { method: "POST", headers, body });
  };
  expect((await v1("two")).status).toBe(200);
  for (const refused of [await v1("three"), await v2("three")]) {
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ errors: ["Maximum number of application keys per user (2) reached"] });
  }
  const list = await fetch(`${sandbox.url}/api/v2/current_user/application_keys`, { headers });
  expect(await list.json()).toMatchObject({ meta: { max_allowed_per_user: 2 } });
  sandbox.revoke(sandbox.keys().find(({ name }) => name === "two")?.id ?? "");
  expect((await v2("three")).status).toBe(201);
});
