import { InterruptedError } from "../../datadog/clock";
import { ConflictError } from "../../datadog/errors";
import { quoted } from "../../datadog/keys";
import { nameTakenWaitMs, nameTakenLooksMs } from "../../datadog/patience";
import { nameNotFreed } from "../model/errors";
import { renamedName, replacedName } from "../model/given-names";
import type { Home } from "../model/resource";
import type { Command } from "../observing/command";
import { observe } from "../observing/observe";
import { findReplacedKey } from "../observing/find-replaced-key";
import type { Organisation } from "../observing/organisation";
import type { NameGiver } from "../run/ledger";
import { editKey } from "./edit-key";

/** A name that a write needs, and its organisation. */
export interface WantedName {
  readonly name: string;
  readonly home: Home;
  readonly organisation: Organisation;
}

/**
 * Sends a write that needs a name. If Datadog refuses the name (409), the resource of this run that gives it up has its key
 * move aside, and the write is sent again. The engine may check that resource only while the write is under way, so the
 * refusal stands only after some seconds.
 */
export async function whenNameIsFree<T>(command: Command, wanted: WantedName, write: () => Promise<T>): Promise<T> {
  const { ledger } = command;
  for (let waited = false; ;) {
    // Another write may need the same name and free it before this refusal arrives.
    const wasGivenUp = ledger.nameGivers(wanted.name, wanted.home).length > 0;
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const giver = await awaitNameGiver(command, wanted, error, wasGivenUp || waited);
      if (giver) await moveAside(command, wanted, giver, error);
      else if (waited) throw error;
      // A refusal may describe the state of some seconds ago, so the write is sent once more after the wait.
      else waited = !wasGivenUp;
    }
  }
}

async function awaitNameGiver(
  { ledger, tellOnce }: Command,
  { name, home, organisation }: WantedName,
  conflict: ConflictError,
  wasGivenUp: boolean,
): Promise<NameGiver | undefined> {
  const look = async (notBefore?: number) => {
    if (notBefore !== undefined) {
      const seconds = nameTakenWaitMs / 1000;
      tellOnce(
        `The name of ${quoted(name)} is taken. Waiting up to ${seconds} s for another resource to give it up`,
        organisation,
      );
      await organisation.clock.sleep(notBefore - organisation.clock.now());
    }
    return ledger.nameGivers(name, home)[0];
  };
  try {
    return await observe(organisation.clock, look, wasGivenUp ? [] : nameTakenLooksMs, (giver) => giver !== undefined);
  } catch (error) {
    throw error instanceof InterruptedError ? conflict : error;
  }
}

/** Gives a key a temporary name. Its own update later gives it the new one. */
async function moveAside(
  command: Command,
  wanted: WantedName,
  { entry, stored }: NameGiver,
  conflict: ConflictError,
): Promise<void> {
  const { ledger } = command;
  const asideName = entry.fate === "replaced" ? replacedName : renamedName;
  try {
    const holder = stored ?? (await findReplacedKey(command, wanted.organisation, entry));
    if (!holder) return;
    await entry.lock.hold(async () => {
      if (ledger.nameOf(holder) !== wanted.name) return;
      const organisation = stored ? await command.organisationOf(stored.state) : wanted.organisation;
      await editKey(command, organisation, holder, (id) => ({ name: asideName(wanted.name, id) }));
    });
  } catch (error) {
    throw nameNotFreed(wanted.name, wanted.organisation.site, entry.fate, conflict, error);
  }
}
