import { describe, expect, test } from "vitest";
import { harmIn, long, report } from "../support/figures";
import { deviations } from "./support/exactness";
import { unencrypted, visibleText } from "./support/leaks";
import { messagesOf } from "./support/messages";
import { keyName, operate, operationsIn, prepare, programOf } from "./support/fault-matrix/operations";
import { apis, describeSetting, readLags, uniqueness, users, type Setting } from "./support/fault-matrix/settings";
import { withSurroundings } from "./support/surroundings";
import { harmDone, mistakes } from "./support/wrong-credentials";

/** All settings in the long run. Otherwise the settings with the uniqueness of names that users report. */
const settings: Setting[] = apis.flatMap((api) =>
  (long ? uniqueness : (["organisation"] as const)).flatMap((names) =>
    users.flatMap((user) => (long ? readLags : ([0] as const)).map((readLag) => ({ api, names, user, readLag }))),
  ),
);

describe.each(settings.map((setting) => [describeSetting(setting), setting] as const))("%s", (_, setting) => {
  // A new or adopted key is created in the organisation of the credentials.
  const operations = operationsIn(setting).filter(({ before }) => before !== undefined);
  test.each(operations.map((operation) => [operation.label, operation] as const))(
    "%s fails with the credentials of another organisation, and then succeeds with the right ones",
    async (_label, operation) => {
      const violations: string[] = [];
      for (const mistake of mistakes.filter((one) => one !== "another user"))
        await withSurroundings(setting, [keyName], async (surroundings) => {
          const { sandbox, stack, foreign } = surroundings;
          await prepare(operation, setting, surroundings);
          const { outcome, harm } = await harmDone(surroundings, mistake, (as) =>
            operate(operation, setting, surroundings, as),
          );
          violations.push(...harm);
          if (outcome.errors.length === 0) violations.push(`${mistake}: it did not fail`);
          const { errors } = await operate(operation, setting, surroundings);
          violations.push(
            ...messagesOf(errors),
            ...deviations(stack, programOf(setting, operation.after), sandbox, foreign),
          );
          const shown = [visibleText(outcome), unencrypted(stack.state()), ...surroundings.newLines()].join("\n");
          violations.push(...surroundings.leaksIn(shown).map((key) => `the secret …${key} is shown`));
        });
      report({ "commands with the wrong credentials": mistakes.length - 1, ...harmIn(violations) });
      expect(violations.join("\n")).toBe("");
    },
  );
});
