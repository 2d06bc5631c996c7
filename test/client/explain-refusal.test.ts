import { afterEach, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { ProviderProcess } from "./support/provider-process";
import { Stack } from "./support/stack";

const caller = "GET /api/v2/current_user";

describe("the first 403 of a run", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  async function start(options: SandboxOptions = {}) {
    sandbox = await startSandbox(options);
    return new Stack(sandbox);
  }
  const asked = () => sandbox.requests().filter(({ method, route }) => `${method} ${route}` === caller).length;
  const program = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`r${index}`, { name: `ci-${index}` }]));

  test("names the user of the key, once for all failures and with one request", async () => {
    await start();
    sandbox.fail({ kind: "status", status: 403, method: "POST", times: Infinity });
    const run = new ProviderProcess(sandbox);
    const messages: string[] = [];
    for (const declared of Object.values(program(5)))
      await run.create(declared).catch((error: unknown) => messages.push(String(error)));
    expect(messages).toHaveLength(5);
    const [first = "", ...others] = messages;
    expect(first).toBe(
      'LifecycleError: 403 creating application key "ci-0" on datadoghq.com: A fault of the sandbox. ' +
        `The key in datadog:appKey belongs to the user "${sandbox.users[0]?.email ?? ""}". If that is the right user, they ` +
        "lack the permission user_app_keys, or the key's scopes leave it out. Otherwise set a different key in datadog:appKey.\n" +
        'Refused before that: 403 creating application key "ci-0" (v1) on datadoghq.com: A fault of the sandbox.',
    );
    expect(others.join()).not.toContain("belongs to the user");
    expect(asked()).toBe(1);
  });

  test("asks about no scope if the look-up of the user is what Datadog refused", async () => {
    const stack = await start();
    await stack.up(program(1));
    const { errors } = await stack.destroy({ organisation: { ...sandbox, apiKey: "f".repeat(32) } });
    const [message = ""] = messagesOf(errors);
    expect(message).toContain("of a user who is not disabled?\n");
    expect(message).toContain("Refused: 403 looking up the current user");
  });

  test("says what to check if Datadog does not show the user, and shows no key", async () => {
    const stack = await start();
    const { errors } = await stack.up(program(3), { appKey: `ddapp_${"x".repeat(34)}` });
    const messages = messagesOf(errors);
    expect(messages.filter((message) => message.includes("Check in this order:"))).toEqual([
      [
        'Datadog refused datadog:apiKey and datadog:appKey on datadoghq.com, for application key "ci-0": 403 Forbidden. ' +
          "Check in this order:",
        `  1. Is datadoghq.com the site that your browser shows, and ${new URL(sandbox.url).host} its API?`,
        "  2. Is datadog:apiKey an API key of that organisation, not revoked?",
        "  3. Is datadog:appKey an application key of the same organisation, not revoked, of a user who is not disabled? " +
          "If it has scopes, do they include user_app_keys?",
        "Refused: 403 listing the application keys (v1) on datadoghq.com: Forbidden.",
        "Refused: 403 listing the application keys on datadoghq.com: Forbidden.",
      ].join("\n"),
    ]);
    expect(messages.join()).not.toContain("ddapp_");
    expect(messages.join()).not.toMatch(/last `pulumi up`/);
  });

  test("in refresh and destroy says which configuration they use", async () => {
    const stack = await start();
    await stack.up(program(2));
    sandbox.fail({ kind: "status", status: 403, times: Infinity });
    for (const { errors } of [await stack.refresh(), await stack.destroy()]) {
      const messages = messagesOf(errors);
      expect(messages).toHaveLength(2);
      const [explained = ""] = messages.filter((message) => message.includes("Check in this order:"));
      expect(explained.split("\n")[1]).toBe(
        "  1. Was the configuration changed since the last `pulumi up`? Then add --run-program, or run `pulumi up` first.",
      );
      expect(explained.match(/^ {2}\d\./gm)).toHaveLength(4);
    }
  });

  test("does not mention the configuration if the environment has the keys", async () => {
    const stack = await start();
    await stack.up(program(1));
    sandbox.fail({ kind: "status", status: 403, times: Infinity });
    const env = { DD_API_KEY: sandbox.apiKey, DD_APP_KEY: sandbox.appKey, DD_HOST: sandbox.url };
    const { errors } = await stack.destroy({ env, configured: false });
    expect(messagesOf(errors).join()).toContain("DD_APP_KEY");
    expect(messagesOf(errors).join()).not.toMatch(/last `pulumi up`/);
  });

  test("does not name the user if Datadog's answer about the user is unusable", async () => {
    const stack = await start();
    await stack.up({ ci: { name: "ci", apiVersion: "v1" } });
    sandbox.fail({ kind: "status", status: 403, method: "PUT", times: Infinity });
    sandbox.fail({ kind: "answer", status: 200, body: "{}", route: "/api/v2/current_user", times: Infinity });
    const { errors } = await stack.up({ ci: { name: "renamed", apiVersion: "v1" } });
    expect(messagesOf(errors)).toEqual([expect.stringMatching(/owns the key\.$/)]);
  });

  test("is absent if nothing failed, and only a create reads the current user, once", async () => {
    const stack = await start();
    await stack.up(program(2));
    expect(asked()).toBe(1);
    await stack.refresh();
    await stack.destroy();
    expect(asked()).toBe(1);
  });
});
