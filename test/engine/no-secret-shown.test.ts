import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../sandbox/index.ts";
import { keysProject } from "./support/sandboxed.ts";
import { leaksBelow, leaksIn } from "./support/leaks.ts";
import { watchedStack } from "./support/watched-stack.ts";

const up = ["up", "--yes", "--skip-preview"];

test("the search finds a secret in every encoding, anywhere in a text or a file", async () => {
  const secret = "ddapp_/+?>Äß0123456789abcdefghijklmnopqrst";
  const vault = { apiKey: "0123456789abcdef0123456789abcdef", appKey: secret, everyKeyEverMade: () => [secret] };
  const base64 = ["", "x", "xy"].map((before) => Buffer.from(`${before}${secret}xyz`).toString("base64"));
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    [...Buffer.from(vault.apiKey)].map((byte) => `%${byte.toString(16)}`).join(""),
    [...Buffer.from(vault.apiKey)].map((byte) => `\\u00${byte.toString(16)}`).join(""),
    ...base64,
    ...base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")),
    Buffer.from(secret).toString("hex"),
  ];
  for (const form of forms) expect(leaksIn("here", `before ${form} after`, vault), form).not.toEqual([]);
  expect(leaksIn("here", `before ${secret.slice(0, -1)} after`, vault)).toEqual([]);

  const { project } = await keysProject();
  await writeFile(
    path.join(project.folder, "binary"),
    Buffer.concat([Buffer.from([0, 255]), Buffer.from(vault.apiKey)]),
  );
  const { leaks } = await leaksBelow(project.folder, vault);
  expect(leaks).toEqual([{ where: "binary", what: "API key", form: "plain" }]);
});

test("creating, changing and destroying keys leaves no secret in any output or file", async () => {
  const oneTimeRead = await startSandbox({ oneTimeRead: true });
  onTestFinished(() => oneTimeRead.close());
  const { sandbox, declare, run, leaks } = await watchedStack(oneTimeRead);
  // The user's secret outputs are added to `hash` and do not replace it.
  const $options = { additionalSecretOutputs: ["owner"] };
  await declare({
    plain: { name: "plain" },
    more: { name: "more", $options },
    other: { name: "v2", connection: "other" },
  });
  const made = await run("up", "--yes", "--diff");
  expect(made).toMatchObject({ exitCode: 0 });
  expect(made.all).toMatch(/POST \/api\/v1\/application_key 200 in \d+ ms/);
  const { stdout: state } = await run("stack", "export");
  // The engine's mark of a secret: in the resources, and (except for the owner) in the outputs of the stack.
  expect(state.match(/"(hash|owner)": \{\s*"4dabf18193072939515e22adb298388d"/g)).toHaveLength(8);

  await declare({
    plain: { name: "plain", keepers: { turn: "2" } },
    more: { name: "more, renamed", $options },
    other: { name: "v2", connection: "other", keepers: { turn: "2" } },
  });
  await run("preview", "--json");
  expect(await run(...up, "--json")).toMatchObject({ exitCode: 0 });
  const { stdout: outputs } = await run("stack", "output", "--json");
  const hidden = { hash: "[secret]" };
  expect(JSON.parse(outputs)).toMatchObject({ plain: hidden, more: { ...hidden, owner: "[secret]" }, other: hidden });
  sandbox.rename(sandbox.keys()[0]?.id ?? "", "drifted");
  expect(await run("refresh", "--yes", "--diff")).toMatchObject({ exitCode: 0 });
  expect(await run("destroy", "--yes")).toMatchObject({ exitCode: 0 });
  await run("stack", "history");
  await run("config");
  expect([sandbox, oneTimeRead].map((one) => one.everyKeyEverMade().length)).toEqual([3, 2]);
  expect(leaks()).toEqual([]);
});
