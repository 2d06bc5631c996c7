import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../sandbox/index";
import { caller, keyBody, start } from "./helpers";

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
    first.rename(first.keys()[0]?.id ?? "", "renamed");
    first.revoke(gone.id);
    await first.close();

    const { sandbox: second, call } = await start({ dataFile, users: [{ handle: "other@example.com" }] });
    expect(second).toMatchObject({ apiKey: first.apiKey, appKey: first.appKey });
    expect(second.users).toEqual(first.users);
    expect(second.keys()).toEqual(first.keys());
    expect(second.keys()).toMatchObject([{ name: "renamed" }]);
    expect((await call("GET", "/api/v1/validate")).status).toBe(200);
  });

  test("is for its owner's eyes, and leaves no drafts beside it", async () => {
    const path = folder();
    const dataFile = join(path, "keys.json");
    const { sandbox } = await start({ dataFile });
    sandbox.add({ name: "ci" });
    expect(statSync(dataFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(path)).toEqual(["keys.json"]);
  });

  test.each(["{", "[]", '{"apiKey":"secret","users":[]}'])("is refused, unquoted, if it holds %s", async (content) => {
    const dataFile = join(folder(), "keys.json");
    writeFileSync(dataFile, content);
    await expect(startSandbox({ dataFile })).rejects.toThrow(/^the data file .*keys\.json is not one that the sandbox/);
  });

  test("is named in the error if it cannot be read", async () => {
    const dataFile = folder();
    await expect(startSandbox({ dataFile })).rejects.toThrow(`cannot read the data file ${dataFile}`);
  });
});
