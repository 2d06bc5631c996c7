import { ConflictError, isRefusal } from "../../datadog/errors";
import { previousName } from "../model/given-names";
import type { StoredKey } from "../model/stored-key";
import type { Command } from "../observing/command";
import { editKey } from "./edit-key";

/**
 * Names a previous key after its successor, so that its name tells whose previous key it is.
 * @param successor the name of the successor
 * @returns the renamed key; undefined if it is certainly gone
 */
export async function namePrevious(
  command: Command,
  previous: StoredKey,
  successor: string,
): Promise<StoredKey | undefined> {
  try {
    const organisation = await command.organisationOf(previous.state);
    const state = await editKey(command, organisation, previous, (id) => ({ name: previousName(successor, id) }));
    return state && { id: previous.id, state };
  } catch (error) {
    if (!isRefusal(error) && !(error instanceof ConflictError)) throw error;
    // It keeps its name. If its successor needs the name, free-name.ts renames it.
    return previous;
  }
}
