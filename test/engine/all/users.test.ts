import { expect, test } from "vitest";
import { credentials, keysStack, requestsSince } from "../support/sandboxed.ts";

test("a run by another user neither loses nor recreates a key, whatever that user may see", async () => {
  const { sandbox, stack, declare } = await keysStack({
    users: [
      { handle: "second@example.com", permissions: ["user_app_keys", "org_app_keys_read", "org_app_keys_write"] },
      { handle: "reader@example.com", permissions: ["user_app_keys", "org_app_keys_read"] },
      { handle: "outsider@example.com", permissions: ["user_app_keys"] },
    ],
  });
  const as = (name: string) => {
    const user = sandbox.users.find(({ handle }) => handle === `${name}@example.com`);
    if (!user) throw new Error(`no user ${name}`);
    return { env: credentials(sandbox, user) };
  };
  const since = requestsSince(sandbox);
  const written = () => since().filter((request) => !request.startsWith("GET"));
  const both = (name: string) => ({ old: { name: `${name}-v1` }, new: { name: `${name}-v2`, apiVersion: "v2" } });

  await declare(both("ci"));
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  // A read may show a creation time that is a microsecond later than the one in the answer to the create.
  expect(await stack.up({ flags: ["--refresh"] })).toMatchObject({ exitCode: 0 });
  const made = sandbox.keys();
  const state = await stack.outputs({ showSecrets: true });
  since();

  // The second user may see and change all keys.
  expect(await stack.refresh(as("second"))).toMatchObject({ exitCode: 0 });
  expect((await stack.up(as("second"))).stdout).toContain("3 unchanged");
  expect(written()).toEqual([]);
  expect(await stack.outputs({ showSecrets: true })).toEqual(state);
  await declare(both("renamed"));
  expect(await stack.up(as("second"))).toMatchObject({ exitCode: 0 });
  const renamed = made.map((key) => ({ ...key, name: key.name.replace("ci", "renamed") }));
  expect(sandbox.keys()).toEqual(renamed);

  // The reader may see all keys, but change only their own.
  expect((await stack.refresh(as("reader"))).stdout).toContain("3 unchanged");
  await declare(both("refused"));
  const refused = await stack.up({ ...as("reader"), flags: ["--continue-on-error"] });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(/403 renaming application key "renamed-v1"/);
  expect(refused.all).toMatch(/403 renaming application key "renamed-v2"/);
  expect(sandbox.keys()).toEqual(renamed);

  // The outsider sees only their own keys, so the provider can conclude nothing.
  for (const command of ["refresh", "destroy"] as const) {
    const flags = command === "destroy" ? ["--continue-on-error"] : [];
    const { exitCode, all } = await stack[command]({ ...as("outsider"), flags });
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(/Cannot tell whether application key "renamed-v2"/);
    expect(all).toMatch(/Cannot tell whether application key "renamed-v1"|403 revoking application key "renamed-v1"/);
    expect(all).toContain("org_app_keys_read");
    expect(sandbox.keys()).toEqual(renamed);
  }
  since();
  await declare(both("renamed"));
  expect((await stack.up()).stdout).toContain("3 unchanged");

  expect(await stack.destroy(as("second"))).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
