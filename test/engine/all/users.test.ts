import { expect, test } from "vitest";
import { credentials, keysStack, requestsSince } from "../support/sandboxed.ts";

test("other users of a stack neither lose nor recreate a key, whatever they are allowed to see", async () => {
  const { sandbox, stack, ask } = await keysStack({
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

  await ask(both("ci"));
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  // What is read of a new key may have been made a microsecond after what its creation answered.
  expect(await stack.up({ flags: ["--refresh"] })).toMatchObject({ exitCode: 0 });
  const made = sandbox.keys();
  const state = await stack.outputs({ showSecrets: true });
  since();

  // The second user may see and change everybody's keys.
  expect(await stack.refresh(as("second"))).toMatchObject({ exitCode: 0 });
  expect((await stack.up(as("second"))).stdout).toContain("3 unchanged");
  expect(written()).toEqual([]);
  expect(await stack.outputs({ showSecrets: true })).toEqual(state);
  await ask(both("renamed"));
  expect(await stack.up(as("second"))).toMatchObject({ exitCode: 0 });
  const renamed = made.map((key) => ({ ...key, name: key.name.replace("ci", "renamed") }));
  expect(sandbox.keys()).toEqual(renamed);

  // The reader may see all keys but change only their own.
  expect((await stack.refresh(as("reader"))).stdout).toContain("3 unchanged");
  await ask(both("refused"));
  const refused = await stack.up({ ...as("reader"), flags: ["--continue-on-error"] });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.all).toMatch(/403 renaming application key "renamed-v1"/);
  expect(refused.all).toMatch(/403 renaming application key "renamed-v2"/);
  expect(sandbox.keys()).toEqual(renamed);

  // The outsider sees only their own keys, so nothing may be concluded.
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
  await ask(both("renamed"));
  expect((await stack.up()).stdout).toContain("3 unchanged");

  expect(await stack.destroy(as("second"))).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual([]);
});
