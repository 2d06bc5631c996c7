import { expect, test } from "vitest";
import { ConflictError, NotFoundError } from "../../provider/datadog/errors";
import {
  adoptedByAnother,
  twinsUnknown,
  cannotTell,
  keyExists,
  keyIsGone,
  twinsFound,
  maybeLeftBehind,
  messageOf,
  nameTaken,
  twinMayExist,
  secretLost,
  severalKeys,
} from "../../provider/lifecycle/model/errors";
import type { KeyState } from "../../provider/lifecycle/model/state";
import { advice } from "../client/support/messages";

const site = "datadoghq.com";
const key = { id: "one", name: "ci" };
const state: KeyState = { name: "ci", site, apiVersion: "v1" };
const facts = { doing: { verb: "creating", subject: 'application key "ci"', site }, status: "4xx", words: "no" };

/** The errors that give each kind of advice, from the code that creates them. */
const givers: Record<keyof typeof advice, readonly (Error | string)[]> = {
  refresh: [
    keyIsGone(state, "one"),
    new NotFoundError(facts, true),
    nameTaken("ci", site, { whose: "Your own key has it." }, new ConflictError(facts)),
  ],
  revokeTwin: [twinMayExist({ id: "one", state }, twinsFound([key]))],
  keepOne: [severalKeys("ci", site, [key, { ...key, id: "other" }])],
  adopt: [keyExists("ci", site, key), maybeLeftBehind("ci", site, "it was cut off.", undefined)],
  adoptByReplacing: [secretLost(key, site), maybeLeftBehind("ci", site, "it was cut off.", undefined)],
  forget: [cannotTell(state, "one", "The state does not name its organisation, and so on.")],
  doNotAdopt: [adoptedByAnother("ci", site, "one", "other")],
  askAnother: [cannotTell(state, "one", "it may be another user's.")],
  look: [
    maybeLeftBehind("ci", site, "it was cut off.", undefined),
    twinMayExist({ id: "one", state }, twinsFound([key])),
    twinMayExist({ id: "one", state }, twinsUnknown("it was cut off.")),
    nameTaken("ci", site, { whose: "Another user's key has it." }, new ConflictError(facts)),
  ],
};

test.each(Object.entries(givers))(
  "the pattern for the advice to %s matches the errors that give it",
  (name, errors) => {
    for (const error of errors) expect(messageOf(error)).toMatch(advice[name as keyof typeof advice]);
  },
);

test("an error names a key that a lost request may have created by its id", () => {
  const message = twinMayExist({ id: "one", state }, twinsFound([key, { ...key, id: "other" }]));
  expect(advice.revokeTwin.exec(message)?.groups).toEqual({ ids: "one, other" });
});
