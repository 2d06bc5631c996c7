import type { Sandbox } from "../../../sandbox/index";
import { messagesOf } from "./messages";
import type { Outcome, RunOptions, Stack } from "./stack";
import type { Surroundings } from "./surroundings";

/** Wrong credentials of a command: a user of another organisation, or a user who may not see the keys. */
export const mistakes = ["the same person elsewhere", "an administrator elsewhere", "another user"] as const;
export type Mistake = (typeof mistakes)[number];

/** A user with no permission but `user_app_keys`, and without keys in the stack. */
const bystander = "colleague@example.com";

/**
 * Runs a command with credentials of another organisation or of another user.
 * @returns what it changed in either organisation or in the state, which must all stay the same
 */
export async function harmDone(
  { sandbox, stack, runner, elsewhere }: Pick<Surroundings, "sandbox" | "stack" | "runner" | "elsewhere">,
  mistake: Mistake,
  command: (as: RunOptions) => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; readonly harm: readonly string[] }> {
  const other = mistake === "another user" ? undefined : await elsewhere();
  const before = { here: keysOf(sandbox), there: other && keysOf(other), state: summary(stack) };
  const outcome = await command(credentials(mistake, sandbox, other, runner.handle));
  const after = { here: keysOf(sandbox), there: other && keysOf(other), state: summary(stack) };
  const harm = (["here", "there", "state"] as const)
    .filter((place) => JSON.stringify(before[place]) !== JSON.stringify(after[place]))
    .map((place) => `with the credentials of ${mistake}, ${place} became ${JSON.stringify(after[place])}`);
  // A create whose look-up of the current user was refused leaves a key without its organisation in the state.
  const homeless = stack.state().filter(({ outputs }) => outputs.orgId === undefined);
  const isExplained = (message: string) =>
    other === undefined ||
    (message.includes(sandbox.orgId) && message.includes(other.orgId)) ||
    isUndecided(message) ||
    homeless.some(({ id }) => message.includes(id));
  const silent = messagesOf(outcome.errors).filter((message) => !isExplained(message));
  return {
    outcome,
    harm: [...harm, ...silent.map((message) => `an error does not name both organisations: ${message}`)],
  };
}

/**
 * For a replacement that the user requested, the engine does not tell the provider which key it replaces, so the error
 * cannot name the key's organisation.
 */
function isUndecided(message: string): boolean {
  return message.startsWith("Cannot tell whether the credentials belong");
}

function credentials(mistake: Mistake, here: Sandbox, there: Sandbox | undefined, person: string): RunOptions {
  if (!there) return { appKey: here.user(bystander).appKey };
  const who = there.user(mistake === "the same person elsewhere" ? person : "admin");
  return { organisation: there, appKey: who.appKey };
}

function keysOf(sandbox: Sandbox): unknown {
  return sandbox.keys().map(({ id, name, scopes, actionsApi }) => ({ id, name, scopes, actionsApi }));
}

/**
 * All keys that the state knows: current, previous and superseded ones. The engine has already had the key of a resource
 * deleted that is half replaced, and forgets it without a call.
 */
function summary(stack: Stack): unknown {
  const known = stack.state().filter(({ pendingReplacement }) => !pendingReplacement);
  return known.map(({ name, id, outputs: { hash, previousId, superseded = [] } }) => {
    const others = [previousId, ...superseded.map((key) => (typeof key === "string" ? key : key.id))];
    return { name, id, hash, others: others.filter((other) => other !== undefined).sort() };
  });
}
