import { afterEach, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";
import { VirtualClock } from "./support/virtual-clock";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

async function start(readLagMs: number, options: SandboxOptions = {}) {
  const clock = new VirtualClock();
  sandbox = await startSandbox({ readLagMs, now: () => clock.now(), ...options });
  return { clock, stack: new Stack(sandbox) };
}

test("a colleague's delete whose answer is lost succeeds once the young key does not show any more", async () => {
  const { clock, stack } = await start(3000, {
    users: [
      { handle: "keeper@example.com", permissions: ["user_app_keys", "org_app_keys_read", "org_app_keys_write"] },
    ],
  });
  await stack.up({ ci: { name: "ci", apiVersion: "v2" } }, { clock });
  sandbox.fail({ kind: "status-after", status: 502, method: "DELETE", route: "/api/v2/application_keys" });
  const { errors } = await stack.destroy({ clock, appKey: sandbox.user("keeper").appKey });
  expect(messagesOf(errors)).toEqual([]);
  expect(sandbox.keys()).toEqual([]);
});
