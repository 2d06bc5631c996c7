import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../provider/datadog/clock";
import { Connection } from "../../provider/datadog/connection";
import { V2Keys } from "../../provider/datadog/v2";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { messagesOf } from "./support/messages";
import { Stack } from "./support/stack";

let sandbox: Sandbox;
afterEach(() => sandbox.close());

async function start(options: SandboxOptions = {}) {
  sandbox = await startSandbox(options);
  return new Stack(sandbox);
}
const routes = () => sandbox.requests().map(({ method, route }) => `${method} ${route}`);
const v1 = "/api/v1/application_key";

/** Answers of a firewall, a gateway or a sign-in page. */
const pages = [
  { status: 403, body: "<html><h1>403 Forbidden</h1>nginx</html>", headers: { "content-type": "text/html" } },
  { status: 403, body: '{"message":"Forbidden"}', headers: { "content-type": "application/json" } },
  { status: 403, body: "" },
  { status: 401, body: "<html>Sign in</html>" },
] as const;
const notDatadogs =
  "the answer did not come from Datadog. Check the site, datadog:apiUrl, and any proxy, firewall or gateway";

describe("an answer that did not come from Datadog", () => {
  const page = { kind: "answer", times: Infinity } as const;

  test.each(pages)("(%j) does not cause an error about credentials or permissions, nor a try of v2", async (answer) => {
    const stack = await start();
    sandbox.fail({ ...page, ...answer });
    const { errors } = await stack.up({ ci: { name: "ci" } });
    expect(messagesOf(errors)).toEqual([
      expect.stringContaining(
        `${answer.status} listing the application keys (v1) on datadoghq.com: ${notDatadogs} between this machine and Datadog.`,
      ),
    ]);
    expect(messagesOf(errors).join()).not.toMatch(/permission|datadog:appKey|user_app_keys/);
    expect(routes()).toEqual([`GET ${v1}`]);
  });

  test.each(pages)("(%j) to a create creates no key and is reported at once", async (answer) => {
    const stack = await start();
    sandbox.fail({ ...page, ...answer, method: "POST" });
    const { errors } = await stack.up({ ci: { name: "ci" } });
    expect(messagesOf(errors)).toEqual([expect.stringContaining(`${answer.status} creating application key "ci"`)]);
    expect(messagesOf(errors)[0]).toContain(notDatadogs);
    expect(sandbox.keys()).toEqual([]);
    expect(routes().filter((route) => route.startsWith("POST"))).toEqual([`POST ${v1}`]);
  });

  describe.each(["v1", "v2"] as const)("about a key of %s", (apiVersion) => {
    const unlike404 = { status: 404, body: "<html>Not found</html>" } as const;
    test.each([...pages, unlike404])("(%j) does not make a command forget or duplicate the key", async (answer) => {
      const stack = await start();
      await stack.up({ ci: { name: "ci", apiVersion } });
      const keys = sandbox.keys();
      const removeFault = sandbox.fail({ ...page, ...answer });
      for (const outcome of [
        await stack.refresh(),
        await stack.up({ ci: { name: "cd", apiVersion } }),
        await stack.up({ ci: { name: "ci", apiVersion, keepers: { at: "now" } } }),
        await stack.destroy(),
      ]) {
        expect(messagesOf(outcome.errors)).toEqual([expect.stringContaining("the answer did not come from Datadog")]);
        expect(sandbox.keys()).toEqual(keys);
        expect(stack.state()).toHaveLength(1);
      }
      removeFault();
      expect((await stack.destroy()).errors).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    });
  });

  test.each([404, 405, 410])("may come from a disabled v1 (%i), so the client uses v2", async (status) => {
    const stack = await start();
    sandbox.fail({ ...page, status, body: "<html>Gone</html>", route: v1 });
    expect((await stack.up({ ci: { name: "ci" } })).errors).toEqual([]);
    expect(sandbox.keys()).toHaveLength(1);
    expect((await stack.destroy()).errors).toEqual([]);
    expect(sandbox.keys()).toEqual([]);
  });

  test("does not prove that a name is taken", async () => {
    const stack = await start();
    sandbox.fail({ ...page, status: 409, body: "<html>Conflict</html>", method: "POST" });
    const { errors } = await stack.up({ ci: { name: "ci" } });
    expect(messagesOf(errors)).toEqual([expect.stringContaining(notDatadogs)]);
  });
});

describe("the limit of keys", () => {
  const limit =
    "The limit of application keys is reached, and a rotation needs room for one more. Revoke keys that nobody uses, " +
    "or ask Datadog's support for a higher limit.";

  test.each(["v1", "v2", undefined] as const)(
    "is named in the error of a create through %s, and the client does not try v2 after v1",
    async (apiVersion) => {
      const stack = await start({ maxKeysPerUser: 1, keys: [{ name: "other" }] });
      const { errors } = await stack.up({ ci: { name: "ci", ...(apiVersion && { apiVersion }) } });
      expect(messagesOf(errors)).toEqual([
        `400 creating application key "ci"${apiVersion === "v2" ? "" : " (v1)"} on datadoghq.com: ` +
          `Maximum number of application keys per user (1) reached. ${limit}`,
      ]);
      expect(routes().filter((route) => route.startsWith("POST"))).toHaveLength(1);
    },
  );

  test.each([
    [403, "You have reached the limit of application keys"],
    [400, "Too many application keys for this user"],
    [403, "Quota exceeded: app keys"],
    [400, "max_allowed_per_user: no more application keys"],
  ])("is recognised by Datadog's message (%i %s)", async (status, words) => {
    const stack = await start();
    sandbox.fail({ kind: "status", status, errors: [words], method: "POST", times: Infinity });
    const { errors } = await stack.up({ ci: { name: "ci" } });
    expect(messagesOf(errors)).toEqual([expect.stringContaining(limit)]);
  });

  test.each([
    [400, "name exceeds the maximum length of 255 characters", "Correct the arguments"],
    [403, "Forbidden", "permission user_app_keys"],
    [403, "API keys cannot be used here", "permission user_app_keys"],
  ])("is not mistaken for another refusal (%i %s)", async (status, words, advice) => {
    const stack = await start();
    sandbox.fail({ kind: "status", status, errors: [words], method: "POST", times: Infinity });
    const { errors } = await stack.up({ ci: { name: "ci", apiVersion: "v1" } });
    expect(messagesOf(errors)).toEqual([expect.stringContaining(advice)]);
    expect(messagesOf(errors)[0]).not.toContain(limit);
  });
});

test.each(["v1", "v2"] as const)("the error of a refused rename through %s has both names", async (apiVersion) => {
  const stack = await start({ keys: [{ name: "pods" }] });
  await stack.up({ ci: { name: "ci", apiVersion } });
  const { errors } = await stack.up({ ci: { name: "pods", apiVersion } });
  expect(messagesOf(errors)).toEqual([expect.stringMatching(/409 renaming application key "ci" to "pods"/)]);
});

test.each(["ddapp_0123456789ABCDEFGHIJabcdefghij0123", "0123456789abcdef0123456789abcdef", "a".repeat(40)])(
  "an id that looks like a key (%s) never appears in a path of v2 or in a message",
  async (id) => {
    await start();
    const lines: string[] = [];
    const { url, apiKey, appKey } = sandbox;
    const options = { apiUrl: url, apiKey, appKey, timeoutMs: 10_000, clock: systemClock };
    const connection = new Connection({
      ...options,
      tell: (line) => lines.push(line),
      log: (line) => lines.push(line),
    });
    const v2 = new V2Keys(connection, "datadoghq.com");
    for (const attempt of [
      () => v2.get("currentUser", id),
      () => v2.get("organisation", id),
      () => v2.edit("currentUser", id, "ci", { name: "cd" }),
      () => v2.delete("currentUser", id, "ci"),
      () => v2.get({ serviceAccountId: id }, "5ea50001-0000-4000-8000-000000000001"),
      () => v2.userById(id),
    ]) {
      const error: unknown = await attempt().catch((reason: unknown) => reason);
      expect(String(error)).toMatch(
        /^SecretAsIdError: not sent [\w ]+ an application key on datadoghq\.com: the id that is given/,
      );
      expect(String((error as Error).stack)).not.toContain(id);
    }
    expect(sandbox.requests()).toEqual([]);
    expect(lines).toEqual([]);
  },
);

test("for the key of a deleted service account, the error tells an ordinary user what to do", async () => {
  const account = { handle: "robot@example.com", id: "5ea5acc0-0000-4000-8000-000000000001", serviceAccount: true };
  const stack = await start({
    users: [account, { handle: "plain@example.com", permissions: ["user_app_keys", "service_account_write"] }],
    user: "plain@example.com",
  });
  await stack.up({ ci: { name: "ci", serviceAccountId: account.id } });
  const route = "/api/v2/service_accounts/";
  sandbox.fail({ kind: "status", status: 404, errors: ["Service account not found"], route, times: Infinity });
  const { errors } = await stack.destroy();
  expect(errors).toHaveLength(1);
  expect(stack.state()).toHaveLength(1);
  const [message = ""] = messagesOf(errors);
  expect(message).toContain(
    "Use the credentials of a user with the permission service_account_write or org_app_keys_read.",
  );
  expect(message).toContain(
    "Datadog has revoked its keys, so remove this one from the state with `pulumi state delete`.",
  );
  expect(message).not.toMatch(/credentials of its owner|robot@example\.com/);
});
