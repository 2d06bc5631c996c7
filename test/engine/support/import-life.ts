import { expect, test } from "vitest";
import { report } from "../../support/figures.ts";
import { importFolders, importProject, watched } from "./import-command.ts";

const many = 100;
const numbers = Array.from({ length: many }, (_, index) => index + 1);

/** The requests of the command, for any number of keys. */
const modes = {
  v1: {
    oneTimeRead: false,
    asked: [
      "GET /api/v1/application_key 200",
      "GET /api/v2/current_user 200",
      "GET /api/v2/current_user/application_keys 200",
      "GET /api/v2/actions/app_key_registrations 200",
    ],
  },
  "One-Time Read": {
    oneTimeRead: true,
    asked: [
      "GET /api/v1/application_key 403",
      "GET /api/v2/current_user/application_keys 200",
      "GET /api/v2/current_user 200",
      // Datadog does not show the secret of the first key, so the command does not ask for the others.
      "GET /api/v2/current_user/application_keys/{app_key_id} 200",
      "GET /api/v2/actions/app_key_registrations 200",
    ],
  },
};

/** Imports a hundred keys. The program that the command prints then changes and revokes them. */
export function testImportOn(mode: keyof typeof modes): void {
  const { oneTimeRead, asked } = modes[mode];
  test(`one command imports a hundred keys on ${mode}, and the printed program matches them`, async () => {
    const made = await importProject({ oneTimeRead });
    const { sandbox, stack, since, run, follow, temporary } = made;
    for (const number of numbers) sandbox.add({ name: `key ${number}` });
    const before = sandbox.keys();
    since();

    const input = oneTimeRead ? before.map(({ name, key }) => `${name}=${key}\n`).join("") : "";
    const started = performance.now();
    const { result, samples, leaks } = await watched(made, run(["--all", "--yes"], { input }));
    const seconds = (performance.now() - started) / 1000;
    expect(result.exitCode, result.all).toBe(0);
    const requests = since();
    expect(requests).toEqual(asked);
    expect(leaks).toEqual([]);
    expect(samples).toBeGreaterThan(20);
    expect(await importFolders(temporary)).toEqual([]);
    process.stdout.write(
      `\n${many} keys on ${mode} imported by ${requests.length} requests in ${seconds.toFixed(1)} s\n`,
    );
    report({ "keys imported": many });

    await follow(result);
    const preview = await stack.preview({ flags: ["--expect-no-changes"] });
    expect(preview.stdout).toMatch(/101 unchanged/);
    expect(preview.exitCode).toBe(0);
    expect(since()).toEqual([]);
    expect(sandbox.keys()).toEqual(before);
    expect(sandbox.everyKeyEverMade()).toHaveLength(many);
    expect((await stack.refresh({ flags: ["--expect-no-changes"] })).exitCode).toBe(0);

    await follow(result, (lines) => lines.replace('{ name: "key 7" }', '{ name: "renamed" }'));
    expect(await stack.up()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/~ 1 updated/) as string });
    expect(sandbox.keys()).toEqual(before.map((key) => (key.name === "key 7" ? { ...key, name: "renamed" } : key)));
    expect(await stack.destroy()).toMatchObject({ exitCode: 0 });
    expect(sandbox.keys()).toEqual([]);
    expect(sandbox.everyKeyEverMade()).toHaveLength(many);
  });
}
