import { afterEach, describe, expect, test } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index";
import { leaksIn } from "./support/leaks";
import { Stack } from "./support/stack";

describe("the log of requests", () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  async function start(options: SandboxOptions = {}) {
    sandbox = await startSandbox(options);
    return new Stack(sandbox);
  }
  const env = { DATADOG_APPLICATION_KEY_LOG: "requests" };

  test("has a line for each request, with the rest of the rate limit and without a key", async () => {
    const stack = await start({ rateLimit: { requests: 60, seconds: 10 } });
    const made = await stack.up({ ci: { name: "ci" } }, { env });
    expect(made.printed).toEqual([
      expect.stringMatching(
        /^GET \/api\/v1\/application_key 200 in \d+ ms, \d+ of 60 left for \d+ s \(datadoghq\.com\)$/,
      ),
      expect.stringMatching(/^GET \/api\/v2\/current_user 200 in \d+ ms, /),
      expect.stringMatching(/^POST \/api\/v1\/application_key 200 in \d+ ms, /),
    ]);
    const renamed = await stack.up({ ci: { name: "renamed" } }, { env });
    expect(renamed.printed).toEqual([expect.stringMatching(/^PUT \/api\/v1\/application_key\/\{key\} 200 in \d+ ms/)]);
    const gone = await stack.destroy({ env });
    expect(gone.printed).toEqual([expect.stringMatching(/^DELETE \/api\/v1\/application_key\/\{key\} 200 in \d+ ms/)]);
    const lines = [...made.printed, ...renamed.printed, ...gone.printed].join("\n");
    expect(leaksIn(lines, sandbox)).toEqual([]);
  });

  test("shows ids, pages and errors", async () => {
    const stack = await start({ oneTimeRead: true });
    await stack.up({ ci: { name: "ci" } });
    sandbox.fail({ kind: "drop-after", method: "DELETE" });
    const { printed } = await stack.destroy({ env });
    const id = sandbox.requests({ method: "DELETE" }).length > 0 ? "[0-9a-f-]{36}" : "";
    expect(printed[0]).toMatch(
      new RegExp(`^DELETE /api/v2/current_user/application_keys/${id} ECONNRESET in \\d+ ms \\(`),
    );
    expect(printed[1]).toMatch(/^DELETE .* 404 in/);
  });

  test("changes nothing else, and is off by default", async () => {
    const stack = await start();
    expect((await stack.up({ ci: { name: "ci" } })).printed).toEqual([]);
    expect((await stack.up({ ci: { name: "cd" } }, { env: { DATADOG_APPLICATION_KEY_LOG: " " } })).printed).toEqual([]);
    const { printed } = await stack.up({ ci: { name: "ce" } }, { env: { DATADOG_APPLICATION_KEY_LOG: "all" } });
    expect(printed).toEqual([expect.stringContaining('DATADOG_APPLICATION_KEY_LOG knows the value "requests" only')]);
  });
});
