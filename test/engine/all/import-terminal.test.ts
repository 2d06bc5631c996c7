import { expect, test } from "vitest";
import { importFolders, importProject } from "../support/import-command.ts";
import { noTerminal } from "../support/at-terminal.ts";
import { leaksIn } from "../support/leaks.ts";

test("at a terminal the command asks for secrets without echoing them, and Pulumi asks for confirmation", async (context) => {
  const reason = noTerminal();
  if (reason !== undefined) context.skip(reason);
  const made = await importProject({ oneTimeRead: true });
  const { sandbox, stack, runAtTerminal, temporary } = made;
  const [one, other] = [sandbox.add({ name: "one" }), sandbox.add({ name: "other" })];
  const answers = [
    { prompt: 'Secret of application key "one": ', typed: "mistyped\r" },
    { prompt: 'Secret of application key "one": ', typed: `${one.key}\r` },
    { prompt: 'Secret of application key "other": ', typed: `${other.key}\r` },
  ];
  // Pulumi asks for confirmation. "no" is the first choice, "yes" is above it. The test cannot use Ctrl-C, because
  // Pulumi asks before it puts the terminal into raw mode, and until then the command gets the interrupt too.
  const yes = { prompt: "Do you want to perform this import?", typed: "\u001b[A\r" };
  const no = { prompt: "Do you want to perform this import?", typed: "\r" };

  const declined = await runAtTerminal(["--all"], [...answers, no]);
  expect(declined.exitCode, declined.all).toBe(1);
  expect(declined.all).toContain("The command pulumi import ended with an error (see above). Nothing was imported.");
  expect(await importFolders(temporary)).toEqual([]);
  const imported = await runAtTerminal(["--all"], [...answers, yes]);
  expect(imported.exitCode, imported.all).toBe(0);
  expect(await importFolders(temporary)).toEqual([]);
  for (const { all } of [declined, imported]) {
    expect(all).not.toContain("mistyped");
    expect(leaksIn("the terminal", all, sandbox)).toEqual([]);
  }
  expect(await stack.export()).toContain('"name": "other"');
});
