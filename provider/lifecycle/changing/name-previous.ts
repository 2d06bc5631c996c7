import { ConflictError, type DatadogError, isRefusal } from "../../datadog/errors";
import { LifecycleError, keptByAnother, previousKeepsName } from "../model/errors";
import { previousName } from "../model/given-names";
import type { StoredKey } from "../model/stored-key";
import type { Command } from "../observing/command";
import { editKey } from "./edit-key";

/**
 * Names a previous key after its successor, so that its name tells whose previous key it is. If Datadog refuses, the key
 * keeps its name.
 * @param successor the name of the successor
 * @param mayBeHidden whether a key that the caller may not see keeps its name too. If not, this is an error
 * @returns the key with its current name; undefined if it is certainly gone, or if another resource has it now
 */
export async function namePrevious(
  command: Command,
  previous: StoredKey,
  successor: string,
  mayBeHidden: boolean,
): Promise<StoredKey | undefined> {
  const organisation = await command.organisationOf(previous.state);
  const holder = command.ledger.holderOf(previous);
  if (holder) {
    command.tellOnce(keptByAnother(previous, holder.resource), organisation);
    return undefined;
  }
  try {
    const state = await editKey(command, organisation, previous, (id) => ({ name: previousName(successor, id) }));
    return state && { id: previous.id, state };
  } catch (error) {
    const refusal = refusalOf(mayBeHidden && error instanceof LifecycleError ? error.cause : error);
    if (!refusal) throw error;
    command.tellOnce(previousKeepsName(previous, refusal), organisation);
    return previous;
  }
}

/** @returns undefined if the request failed in another way, because another try may succeed */
function refusalOf(error: unknown): DatadogError | undefined {
  return isRefusal(error) || error instanceof ConflictError ? error : undefined;
}
