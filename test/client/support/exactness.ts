import { scopeSet } from "../../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../../provider/lifecycle/model/state";
import type { Sandbox, SandboxKey } from "../../../sandbox/index";
import type { Program, Stack } from "./stack";

/** The previous key that a resource keeps, if any, counts as declared. */
function wrongPrevious(
  resource: string,
  outputs: KeyState,
  left: Map<string, SandboxKey>,
  { oneTimeRead }: { readonly oneTimeRead: boolean },
): string[] {
  const { keepPrevious, previousId, previousHash } = outputs;
  if (previousId === undefined)
    return previousHash === undefined ? [] : [`${resource} stores a previous secret but no previous key`];
  // If a key moves to another resource without a refresh, its previous key loses its secret.
  const isLost = oneTimeRead && previousHash === undefined;
  const key = [...left.values()].find(({ id, key: secret }) => (isLost ? id === previousId : secret === previousHash));
  if (key) left.delete(key.id);
  return [
    ...(key ? [] : [`${resource}'s previous secret belongs to no key`]),
    ...(keepPrevious ? [] : [`${resource} has a previous key, but the program does not set keepPrevious`]),
  ];
}

/**
 * Lists what is wrong after a command that succeeded. The sandbox must have exactly the keys that the program declares,
 * each with the secret in the state, and the keys of other people must be unchanged.
 */
export function deviations(
  stack: Stack,
  program: Program,
  sandbox: Pick<Sandbox, "keys">,
  foreign: readonly SandboxKey[],
  mode = { oneTimeRead: false },
): string[] {
  const wrong: string[] = [];
  const left = new Map(sandbox.keys().map((key) => [key.id, key]));
  for (const key of foreign) {
    const now = left.get(key.id);
    if (JSON.stringify(now) !== JSON.stringify(key)) wrong.push(`the foreign key ${key.name} was touched`);
    left.delete(key.id);
  }
  for (const [resource, declared] of Object.entries(program)) {
    const stored = stack.resources.get(resource);
    const key = [...left.values()].find((candidate) => candidate.key === stored?.outputs.hash);
    if (!stored) wrong.push(`${resource} is not in the state`);
    else if (!key) wrong.push(`${resource}'s secret belongs to no key`);
    else {
      if (key.name !== declared.name || stored.outputs.name !== declared.name)
        wrong.push(`${resource} is named ${key.name} (state: ${stored.outputs.name}), not ${declared.name}`);
      if (scopeSet(key.scopes ?? []).join() !== scopeSet(declared.scopes).join())
        wrong.push(`${resource} has the scopes ${key.scopes?.join() ?? "none"}`);
      if (key.actionsApi !== (declared.actionsApi ?? false)) wrong.push(`${resource} has the wrong Actions API access`);
      if (stored.outputs.keyId !== undefined && stored.outputs.keyId !== key.id)
        wrong.push(`${resource} has another id`);
      left.delete(key.id);
      wrong.push(...wrongPrevious(resource, stored.outputs, left, mode));
    }
  }
  for (const key of left.values()) wrong.push(`a key named ${key.name} is left, but the program does not declare it`);
  const extra = stack.state().length - Object.keys(program).length;
  if (extra !== 0) wrong.push(`the state has ${extra} resources too many`);
  return wrong;
}
