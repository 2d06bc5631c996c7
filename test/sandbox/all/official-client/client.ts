/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- Datadog's own examples pass plain objects. */
import { client, v1, v2 } from "@datadog/datadog-api-client";
import { expect, test } from "vitest";
import type { Sandbox, SandboxOptions } from "../../../../sandbox/index.ts";
import { start } from "../../support/start.ts";

/** Datadog's own client, unchanged, with another address. */
function configure({ url, apiKey, appKey }: Sandbox) {
  return client.createConfiguration({
    baseServer: new client.ServerConfiguration(url, {}),
    authMethods: { apiKeyAuth: apiKey, appKeyAuth: appKey },
  });
}

async function startFor(options?: SandboxOptions) {
  const { sandbox } = await start(options);
  return { sandbox, configuration: configure(sandbox) };
}

const body = (name: string) => ({ data: { type: "application_keys", attributes: { name } } }) as const;
const edit = (id: string, name: string) => ({ data: { id, type: "application_keys", attributes: { name } } }) as const;

test("Datadog's client creates, reads, changes and revokes a key on v1", async () => {
  const { sandbox, configuration } = await startFor();
  const api = new v1.KeyManagementApi(configuration);
  const created = await api.createApplicationKey({ body: { name: "ci" } });
  const key = created.applicationKey?.hash ?? "";
  expect(key).toHaveLength(40);
  expect((await api.listApplicationKeys()).applicationKeys).toMatchObject([{ hash: key, name: "ci" }]);
  expect((await api.getApplicationKey({ key })).applicationKey?.owner).toBe("user@example.com");
  const updated = await api.updateApplicationKey({ key, body: { name: "cd" } });
  expect(updated.applicationKey?.name).toBe("cd");
  await api.deleteApplicationKey({ key });
  expect(sandbox.keys()).toEqual([]);
  expect((await new v1.AuthenticationApi(configuration).validate()).valid).toBe(true);
});

test("Datadog's client creates, reads, changes and revokes a key of the current user on v2", async () => {
  const { sandbox, configuration } = await startFor();
  const api = new v2.KeyManagementApi(configuration);
  const { data } = await api.createCurrentUserApplicationKey({
    body: { data: { type: "application_keys", attributes: { name: "ci", scopes: ["dashboards_read"] } } },
  });
  const appKeyId = data?.id ?? "";
  expect(data?.attributes?.key).toBe(sandbox.keys()[0]?.key);
  expect(data?.attributes?.createdAt).toBeInstanceOf(Date);
  const listed = await api.listCurrentUserApplicationKeys({ pageSize: 100, sort: "-created_at", filter: "ci" });
  expect(listed).toMatchObject({ data: [{ id: appKeyId }], meta: { page: { totalFilteredCount: 1 } } });
  expect((await api.getCurrentUserApplicationKey({ appKeyId })).data?.attributes?.scopes).toEqual(["dashboards_read"]);
  const edited = await api.updateCurrentUserApplicationKey({ appKeyId, body: edit(appKeyId, "cd") });
  expect(edited.data?.attributes?.name).toBe("cd");
  await api.deleteCurrentUserApplicationKey({ appKeyId });
  expect(sandbox.keys()).toEqual([]);
});

test("Datadog's client manages keys of the whole organisation on v2", async () => {
  const { sandbox, configuration } = await startFor({ user: "admin" });
  const { id: appKeyId, ownerId } = sandbox.add({ name: "ci", owner: "colleague" });
  const api = new v2.KeyManagementApi(configuration);
  const listed = await api.listApplicationKeys({ include: "owned_by" });
  expect(listed).toMatchObject({ data: [{ id: appKeyId }], included: [{ id: ownerId }] });
  const found = await api.getApplicationKey({ appKeyId, include: "owned_by" });
  expect(found.data?.relationships?.ownedBy?.data.id).toBe(ownerId);
  const edited = await api.updateApplicationKey({ appKeyId, body: edit(appKeyId, "cd") });
  expect(edited.data?.attributes?.name).toBe("cd");
  await api.deleteApplicationKey({ appKeyId });
  expect(sandbox.keys()).toEqual([]);
});

test("Datadog's client creates a service account, and creates, reads, changes and revokes its key", async () => {
  const { sandbox, configuration } = await startFor({ user: "admin", oneTimeRead: true });
  const api = new v2.ServiceAccountsApi(configuration);
  const account = await api.createServiceAccount({
    body: { data: { type: "users", attributes: { email: "bot@example.com", serviceAccount: true } } },
  });
  const serviceAccountId = account.data?.id ?? "";
  const { data } = await api.createServiceAccountApplicationKey({ serviceAccountId, body: body("ci") });
  const appKeyId = data?.id ?? "";
  expect(data?.attributes?.key).toHaveLength(40);
  const one = { serviceAccountId, appKeyId };
  expect((await api.listServiceAccountApplicationKeys({ serviceAccountId })).data).toHaveLength(1);
  expect((await api.getServiceAccountApplicationKey(one)).data?.attributes?.name).toBe("ci");
  const edited = await api.updateServiceAccountApplicationKey({ ...one, body: edit(appKeyId, "cd") });
  expect(edited.data?.attributes?.name).toBe("cd");
  await api.deleteServiceAccountApplicationKey(one);
  expect(sandbox.keys()).toEqual([]);
  expect((await new v2.UsersApi(configuration).getUser({ userId: serviceAccountId })).data?.attributes).toMatchObject({
    serviceAccount: true,
  });
});

test("Datadog's client recognises the refusals", async () => {
  const { configuration } = await startFor({ user: "admin", keys: [{ name: "ci" }] });
  const v1Api = new v1.KeyManagementApi(configuration);
  const v2Api = new v2.KeyManagementApi(configuration);
  await expect(v1Api.createApplicationKey({ body: { name: "ci" } })).rejects.toMatchObject({ code: 409 });
  await expect(v1Api.createApplicationKey({ body: {} })).rejects.toMatchObject({ code: 400 });
  await expect(v2Api.getApplicationKey({ appKeyId: "none" })).rejects.toMatchObject({
    code: 404,
    body: { errors: ["Application key not found"] },
  });
});
