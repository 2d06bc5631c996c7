import { expect, test } from "vitest";
import type { Permission } from "../../../sandbox/index.ts";
import { keysStack } from "../support/sandboxed.ts";

const program = `
  const { readFileSync } = require("node:fs");
  const { ApplicationKey } = require("pulumi-datadog-application-key");
  const keys = JSON.parse(readFileSync(__dirname + "/keys.json", "utf8"));
  for (const [name, { id, ...lookup }] of Object.entries(keys)) exports[name] = ApplicationKey.get(name, id, lookup);
`;
const robot = "5ea50001-0000-4000-8000-000000000001";
const nobodys = "00000000-0000-4000-8000-000000000000";

test("with the right permissions, get reads keys of other users and of service accounts", async () => {
  const permissions: Permission[] = ["user_app_keys", "org_app_keys_read", "service_account_write"];
  const { sandbox, project, stack, declare } = await keysStack({
    user: "reader",
    users: [
      { handle: "reader@example.com", permissions },
      { id: robot, handle: "robot@example.com", serviceAccount: true },
    ],
  });
  const others = sandbox.add({ name: "others", owner: "user" });
  const robots = sandbox.add({ name: "robot's", owner: robot });
  const untouched = sandbox.keys();
  await project.setProgram(program);
  await declare({ others: { id: others.id }, robot: { id: robots.id, serviceAccountId: robot } });
  expect(await stack.up()).toMatchObject({ exitCode: 0 });
  expect(await stack.outputs({ showSecrets: true })).toMatchObject({
    others: { name: "others", owner: "user@example.com", createdAt: others.createdAt },
    robot: { name: "robot's", owner: "robot@example.com", serviceAccountId: robot },
  });
  await declare({ gone: { id: nobodys } });
  const gone = await stack.up();
  expect(gone.exitCode).not.toBe(0);
  expect(gone.all).toContain(`No application key with the id "${nobodys}" exists`);
  expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
  expect(sandbox.keys()).toEqual(untouched);
});
