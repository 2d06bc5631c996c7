import { ConflictError, isRefusal } from "../../datadog/errors";
import { defined } from "../../defined";
import { asPrevious } from "../model/previous";
import type { CheckedInputs, KeyState } from "../model/properties";
import type { Making } from "./making";
import { type SteppedAside, stepAside } from "./make-room";

/** A key that is replaced and stays valid. */
export interface LeftAlive {
  readonly aside: readonly SteppedAside[];
  /** What the state of its successor says of it. */
  readonly known: Partial<KeyState>;
}

/**
 * Has the key that this create replaces step aside for good: it is kept until the next rotation. Its name tells it from its
 * successor, also where Datadog would allow both the same one.
 * @returns undefined where none is kept: nobody says which one it was, or it is gone, as after `deleteBeforeReplace`
 */
export async function leaveAlive(
  { organisation, creation }: Pick<Making, "organisation" | "creation">,
  { keepPrevious, site, connection }: CheckedInputs,
): Promise<LeftAlive | undefined> {
  const { replaces } = creation;
  if (!keepPrevious || !replaces || organisation.hasRevoked(replaces)) return undefined;
  // Of another organisation: that is a move, and no rotation.
  if (replaces.state.site !== site || replaces.state.connection !== connection) return undefined;
  const aside = await stepAside(organisation, replaces).catch(undefinedIfNameStays);
  // Where it cannot be renamed, its successor may need no other name.
  if (!aside) return { aside: [], known: asPrevious(replaces) };
  if (!aside.found) return undefined;
  const { uuid: keyId } = aside.found;
  const state = { ...replaces.state, name: aside.to, ...defined({ keyId }) };
  return { aside: [aside], known: asPrevious({ id: replaces.id, state }) };
}

function undefinedIfNameStays(error: unknown): undefined {
  if (!isRefusal(error) && !(error instanceof ConflictError)) throw error;
}
