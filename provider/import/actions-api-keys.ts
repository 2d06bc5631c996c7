import { isRefusal } from "../datadog/errors";
import type { Organisation } from "../lifecycle/observing/organisation";
import type { FoundKey } from "./found-keys";

/**
 * Which of the keys are registered for Actions API access, found with one list. Only v2 has registrations, so nothing
 * is sent if no key has a UUID.
 */
export async function actionsApiKeys<Key extends FoundKey>(
  organisation: Organisation,
  keys: readonly Key[],
  tell: (line: string) => void,
): Promise<ReadonlySet<Key>> {
  if (keys.every(({ uuid }) => uuid === undefined)) return new Set();
  try {
    const registered = await organisation.registered.get();
    return new Set(keys.filter(({ uuid }) => uuid !== undefined && registered.has(uuid.toLowerCase())));
  } catch (error) {
    // The keys can still be imported, and arguments that the program leaves out stay unchanged.
    if (!isRefusal(error)) throw error;
    tell(`Cannot tell which keys have Actions API access: ${error.message}`);
    return new Set();
  }
}
