import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { caller } from "./support/start";

const cli = join(__dirname, "../../sandbox/dist/cli.js");

interface Run {
  child: ChildProcess;
  /** The first line of stdout. It rejects if the command ends without one. */
  ready: Promise<string>;
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

/** Starts the command, which was built before the tests. If it still runs at the end of the test, it is stopped. */
function launch(...flags: string[]): Run {
  const child = spawn(process.execPath, [cli, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  const ended = new Promise<Awaited<Run["ended"]>>((resolve) => {
    child.on("close", (exitCode) => {
      resolve({ exitCode, stdout, stderr });
    });
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes("\n")) resolve(stdout);
    });
    child.on("close", () => {
      reject(new Error(`the command ended: ${stderr}`));
    });
  });
  // A test that waits for the end of a failing command does not wait for this promise.
  ready.catch(() => undefined);
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  return { child, ready, ended };
}

async function credentials({ ready }: Run) {
  return JSON.parse(await ready) as { url: string; apiKey: string; appKey: string };
}

describe("datadog-key-sandbox", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "prints one line when ready, logs to stderr, and stops on %s",
    async (signal) => {
      const run = launch("--port", "0");
      const printed = await credentials(run);
      expect(Object.keys(printed)).toEqual(["url", "apiKey", "appKey"]);
      expect(printed.apiKey).toMatch(/^[\da-f]{32}$/);
      expect(printed.appKey).toHaveLength(40);
      const created = await caller(printed)("POST", "/api/v1/application_key", { body: { name: "ci" } });
      expect(created.status).toBe(200);
      run.child.kill(signal);
      const { exitCode, stdout, stderr } = await run.ended;
      expect(exitCode).toBe(0);
      expect(stdout).toBe(`${JSON.stringify(printed)}\n`);
      expect(stderr).toMatch(/^POST \/api\/v1\/application_key 200 \d+ms\n$/);
    },
  );

  test("passes its flags to the sandbox", async () => {
    const run = launch(
      ...["--port", "0", "--one-time-read", "--v1-disabled-status", "410", "--allow-duplicate-names"],
      ...["--latency", "1", "--rate-limit", "60/30"],
    );
    const call = caller(await credentials(run));
    expect((await call("GET", "/api/v1/application_key")).status).toBe(410);
    const body = { data: { type: "application_keys", attributes: { name: "ci" } } };
    for (const left of ["59", "58"]) {
      const { status, headers } = await call("POST", "/api/v2/current_user/application_keys", { body });
      expect([status, headers.get("x-ratelimit-remaining")]).toEqual([201, left]);
    }
  });

  test(
    "prints an ordinary user's credentials, and with --user those of another user",
    { timeout: 30_000 },
    async () => {
      const everybodys = async (...flags: string[]) => {
        const call = caller(await credentials(launch("--port", "0", ...flags)));
        const me = (await call("GET", "/api/v2/current_user")).json as { data: { attributes: { handle: string } } };
        return [me.data.attributes.handle, (await call("GET", "/api/v2/application_keys")).status];
      };
      expect(await everybodys()).toEqual(["user@example.com", 403]);
      expect(await everybodys("--user", "admin")).toEqual(["admin@example.com", 200]);
      expect(await everybodys("--user", "colleague")).toEqual(["colleague@example.com", 403]);
    },
  );

  test("allows two users the same key name only with --unique-names owner", { timeout: 30_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-cli-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const made: number[] = [];
    for (const flags of [["--user", "colleague"], [], ["--unique-names", "owner"]]) {
      const run = launch("--port", "0", "--data", join(folder, "keys.json"), ...flags);
      const call = caller(await credentials(run));
      made.push((await call("POST", "/api/v1/application_key", { body: { name: "ci" } })).status);
      run.child.kill();
      await run.ended;
    }
    expect(made).toEqual([200, 409, 200]);
  });

  test("takes --read-lag in seconds", async () => {
    const call = caller(await credentials(launch("--port", "0", "--read-lag", "3600.5")));
    expect((await call("POST", "/api/v1/application_key", { body: { name: "ci" } })).status).toBe(200);
    expect((await call("GET", "/api/v1/application_key")).json).toEqual({ application_keys: [] });
  });

  test("disables v1 with --government", async () => {
    const call = caller(await credentials(launch("--port", "0", "--government")));
    expect((await call("GET", "/api/v1/application_key")).status).toBe(403);
  });

  test("restores keys and credentials with --data", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-cli-"));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    const flags = ["--port", "0", "--data", join(folder, "keys.json")];
    const first = launch(...flags);
    const before = await credentials(first);
    await caller(before)("POST", "/api/v1/application_key", { body: { name: "ci" } });
    first.child.kill("SIGKILL");
    await first.ended;
    const after = await credentials(launch(...flags));
    expect([after.apiKey, after.appKey]).toEqual([before.apiKey, before.appKey]);
    expect((await caller(after)("GET", "/api/v1/application_key")).json).toMatchObject({
      application_keys: [{ name: "ci" }],
    });
  });

  test.each([
    [["--port", "x"], "It must be from 0 to 65535."],
    [["--port", "65536"], "It must be from 0 to 65535."],
    [["--latency", "-1"], "It must be from 0 to"],
    [["--read-lag", "soon"], "It must be a number of seconds"],
    [["--unique-names", "user"], "It must be organisation or owner."],
    [["--user", "root"], 'no user "root"'],
    [["--rate-limit", "60"], "It must look like 60/60"],
    [["--rate-limit", "0/60"], "It must look like 60/60"],
    [["--v1-disabled-status", "500"], "It must be 403, 404 or 410."],
    [["--data", join(__dirname, "nowhere", "keys.json")], "no such file"],
    [["--prot", "1"], "unknown option '--prot'"],
  ])("refuses %j with one clear line", async (flags, message) => {
    const { exitCode, stdout, stderr } = await launch(...flags).ended;
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: [^\n]*\n(\(Did you mean [^\n]*\n)?$/);
  });

  test("says so if the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => {
      other.close();
    });
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await launch("--port", String(port)).ended;
    expect(exitCode).toBe(1);
    expect(stderr).toBe(`error: port ${port} is in use\n`);
  });
});
