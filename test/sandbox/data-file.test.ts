import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../sandbox/index";
import { caller, keyBody, start } from "./support/start";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "sandbox-data-"));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

describe("the data file", () => {
  test("keeps keys, users and credentials from one run to the next", async () => {
    const dataFile = join(folder(), "keys.json");
    const first = await startSandbox({ dataFile, users: [{ handle: "other@example.com" }] });
    await caller(first)("POST", "/api/v2/current_user/application_keys", { body: keyBody({ name: "ci" }) });
    const gone = first.add({ name: "gone" });
    const kept = first.keys()[0]?.id ?? "";
    first.rename(kept, "renamed");
    first.leak(kept, { source: "a log" });
    await caller(first)("PUT", `/api/v2/actions/app_key_registrations/${kept}`);
    first.revoke(gone.id);
    await first.close();

    const { sandbox: second, call } = await start({ dataFile, users: [{ handle: "other@example.com" }] });
    expect(second).toMatchObject({ orgId: first.orgId, apiKey: first.apiKey, appKey: first.appKey });
    expect(second.users).toEqual(first.users);
    expect(second.keys()).toEqual(first.keys());
    expect(second.keys()).toMatchObject([{ name: "renamed", actionsApi: true, leak: { source: "a log" } }]);
    expect((await call("GET", "/api/v1/validate")).status).toBe(200);
  });

  test("may come from the first release, whose only user was an administrator", async () => {
    const dataFile = join(folder(), "keys.json");
    const appKey = `ddapp_${"a".repeat(34)}`;
    const id = "00000000-0000-4000-8000-000000000001";
    const admin = { id, handle: "admin@example.com", email: "admin@example.com", name: "Sandbox Admin", appKey };
    const permissions = ["user_app_keys", "org_app_keys_read"];
    const createdAt = "2026-01-01T00:00:00.000000+00:00";
    const key = { id, key: `ddapp_${"b".repeat(34)}`, name: "ci", owner: admin.handle, ownerId: id, scopes: null };
    const content = {
      apiKey: "0".repeat(32),
      users: [{ ...admin, permissions, serviceAccount: false, createdAt }],
      keys: [{ ...key, createdAt, last4: "bbbb" }],
    };
    writeFileSync(dataFile, JSON.stringify(content));
    const { sandbox, call } = await start({ dataFile });
    expect(sandbox).toMatchObject({ apiKey: content.apiKey, appKey });
    expect(sandbox.keys()).toEqual([{ ...content.keys[0], lastUsedAt: null, leak: null, actionsApi: false }]);
    expect((await call("GET", "/api/v2/application_keys")).json).toMatchObject({ data: [{ id }] });
    expect(sandbox.users).toMatchObject([{ disabled: false, accessToken: expect.stringMatching(/^ddpat_/) as string }]);
  });

  test("is readable only by its owner, and no temporary file is left beside it", async () => {
    const path = folder();
    const dataFile = join(path, "keys.json");
    const { sandbox } = await start({ dataFile });
    sandbox.add({ name: "ci" });
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(path)).toEqual(["keys.json"]);
  });

  test.each(["{", "[]", '{"apiKey":"secret","users":[]}'])(
    "is refused without being quoted if it contains %s",
    async (content) => {
      const dataFile = join(folder(), "keys.json");
      writeFileSync(dataFile, content);
      await expect(startSandbox({ dataFile })).rejects.toThrow(
        /^the data file .*keys\.json was not written by the sandbox/,
      );
    },
  );

  test("is named in the error if it cannot be read", async () => {
    const dataFile = folder();
    await expect(startSandbox({ dataFile })).rejects.toThrow(`cannot read the data file ${dataFile}`);
  });
});
