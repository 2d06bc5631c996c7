import { DatadogError } from "../../datadog/errors";
import { LifecycleError, previousKeepsName } from "../model/errors";
import { previousName } from "../model/given-names";
import type { StoredKey } from "../model/stored-key";
import type { Command } from "../observing/command";
import { editKey } from "./edit-key";

/**
 * Names a previous key after its successor, so that its name tells whose previous key it is.
 * @param successor the name of the successor
 * @param mayFail which failures leave the key its name. The user is told
 * @returns the key with its current name; undefined if it is certainly gone, or if another resource has it now
 */
export async function namePrevious(
  command: Command,
  previous: StoredKey,
  successor: string,
  mayFail: (error: DatadogError | LifecycleError) => boolean,
): Promise<StoredKey | undefined> {
  if (command.ledger.holderOf(previous)) return undefined;
  const organisation = await command.organisationOf(previous.state);
  try {
    const state = await editKey(command, organisation, previous, (id) => ({ name: previousName(successor, id) }));
    return state && { id: previous.id, state };
  } catch (error) {
    if (!(error instanceof DatadogError || error instanceof LifecycleError) || !mayFail(error)) throw error;
    command.tellOnce(previousKeepsName(previous, error), organisation);
    return previous;
  }
}
