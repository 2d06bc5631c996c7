import { ConflictError, DatadogError } from "../../datadog/errors";
import { type KeyRecord, shown } from "../../datadog/keys";
import type { Leaving } from "../engine/plan";
import type { Run } from "../engine/run";
import type { Organisation } from "../finding/organisation";
import { asideName, passingName } from "../model/aside-name";
import { LifecycleError, messageOf } from "../model/errors";
import type { CheckedInputs } from "../model/properties";
import { type StoredKey, ownerOf } from "../model/stored-key";
import { changeKey } from "../operations/change-key";

/** A key that gave up its name. */
export interface SteppedAside {
  readonly stored: StoredKey;
  readonly from: string;
  readonly to: string;
  /** Whether it has a successor, which is to revoke it; should that one not be made, it gets its name back. */
  readonly replaced: boolean;
}

/** The same, and what became of it. */
interface Renamed extends Omit<SteppedAside, "replaced"> {
  /** Undefined where the key is surely gone. */
  readonly found: { readonly uuid: string | undefined } | undefined;
}

/** The organisation of a name. */
type Where = Pick<CheckedInputs, "site" | "connection">;

/**
 * Has keys give up a name that they lose in this run anyway: the engine may make the key that takes it before it renames or
 * deletes them. Only keys that this run has decided to replace or rename, whoever owns them.
 * @returns those that step aside; empty where nobody gives up the name, or does any more
 */
export async function makeRoom(run: Run, name: string, where: Where): Promise<SteppedAside[]> {
  return run.organisation.rooms.take(() => haveStepOff(run, name, where, new Set()));
}

async function haveStepOff(
  run: Run,
  name: string,
  where: Where,
  visited: ReadonlySet<string>,
): Promise<SteppedAside[]> {
  const aside: SteppedAside[] = [];
  for (const leaving of run.plan.leaving(name, where)) {
    if (visited.has(leaving.stored.id)) continue;
    aside.push(await stepOff(run, leaving, where, new Set([...visited, leaving.stored.id])));
  }
  return aside;
}

/** A key that is replaced steps aside; one that is renamed takes its new name now, which may have to be made free too. */
async function stepOff(
  run: Run,
  { stored, to }: Leaving,
  where: Where,
  visited: ReadonlySet<string>,
): Promise<SteppedAside> {
  const { organisation, plan } = run;
  if (to === undefined) return stepAside(organisation, stored);
  // When a refusal arrives, the key that has the name may have been renamed already, by its own update.
  const isGivenUp = plan.leaving(to, where).some((other) => !visited.has(other.stored.id));
  const rename = () => renameTo(organisation, stored, () => to);
  const renamed = await rename().catch(async (error: unknown) => {
    if (!(error instanceof ConflictError)) throw error;
    const room = await haveStepOff(run, to, where, visited);
    if (room.length > 0 || isGivenUp) return rename();
    // Two keys that swap their names: the update that is to come gives this one its own.
    return renameTo(organisation, stored, (id) => passingName(to, id));
  });
  plan.changed({ ...stored, state: { ...stored.state, name: renamed.to } });
  return { ...renamed, replaced: false };
}

/** Gives a key a name that says what it waits for. */
export async function stepAside(organisation: Organisation, stored: StoredKey): Promise<SteppedAside & Renamed> {
  return { ...(await renameTo(organisation, stored, (id) => asideName(stored.state.name, id))), replaced: true };
}

/** Renames a key, wherever it is. */
export async function renameTo(
  organisation: Organisation,
  stored: StoredKey,
  nameFor: (id: string) => string,
): Promise<Renamed> {
  const { v1, v2 } = organisation;
  const { name } = stored.state;
  const changed = await changeKey<KeyRecord>(organisation, stored, {
    v1: (key) => v1.rename(key, name, nameFor(stored.id)),
    v2: (area, uuid) => v2.edit(area, uuid, name, { name: nameFor(uuid) }),
  });
  const to = nameFor(changed?.uuid ?? stored.id);
  if (changed) {
    const { keys } = organisation.apiFor(changed.uuid === undefined ? "v1" : "v2", ownerOf(stored.state));
    await keys.put({ ...changed.result, name: to });
  }
  return { stored, from: name, to, found: changed && { uuid: changed.uuid } };
}

/**
 * Gives keys their name back after their successor could not be made.
 * @returns the error that stopped the successor, with what could not be put back
 */
export async function stepBack(
  organisation: Organisation,
  aside: readonly SteppedAside[],
  why: DatadogError,
): Promise<Error> {
  const failures: string[] = [];
  // One that the program renames stays where it is: it may be in the state by that name already.
  for (const { stored, from, to } of aside.filter(({ replaced }) => replaced)) {
    try {
      await renameTo(organisation, { ...stored, state: { ...stored.state, name: to } }, () => from);
    } catch (error) {
      failures.push(`The key it was to replace is now named ${shown(to)}: ${messageOf(error)}`);
    }
  }
  return failures.length === 0 ? why : new LifecycleError([why.message, ...failures].join(" "), { cause: why });
}
