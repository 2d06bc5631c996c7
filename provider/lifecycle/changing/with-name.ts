import { InterruptedError } from "../../datadog/clock";
import { ConflictError } from "../../datadog/errors";
import { quoted } from "../../datadog/keys";
import { inTheWayMs, looksForRoomMs } from "../../datadog/patience";
import { nameNotFreed } from "../model/errors";
import { renamedName, replacedName } from "../model/names";
import type { Home } from "../model/resource";
import type { Command } from "../observing/command";
import { observe } from "../observing/observe";
import { findOrdered } from "../observing/find-ordered";
import type { Organisation } from "../observing/organisation";
import type { Giver } from "../run/ledger";
import { editKey } from "./edit-key";

/** A name that a write needs, and its organisation. */
export interface Wish {
  readonly name: string;
  readonly home: Home;
  readonly organisation: Organisation;
}

/**
 * Sends a write that needs a name. If Datadog refuses the name (409), the resource of this run that gives it up has its key
 * move aside, and the write is sent again. The engine may check that resource only while the write is under way, so the
 * refusal stands only after some seconds.
 */
export async function withName<T>(command: Command, wish: Wish, write: () => Promise<T>): Promise<T> {
  const { ledger } = command;
  for (let waited = false; ;) {
    // Another write may need the same name and free it before this refusal arrives.
    const wasGivenUp = ledger.givers(wish.name, wish.home).length > 0;
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const giver = await awaitGiver(command, wish, error, wasGivenUp || waited);
      if (giver) await moveAside(command, wish, giver, error);
      else if (waited) throw error;
      // A refusal may describe the state of some seconds ago, so the write is sent once more after the wait.
      else waited = !wasGivenUp;
    }
  }
}

async function awaitGiver(
  { ledger, tellOnce }: Command,
  { name, home, organisation }: Wish,
  conflict: ConflictError,
  wasGivenUp: boolean,
): Promise<Giver | undefined> {
  const look = async (notBefore?: number) => {
    const wait = (notBefore ?? 0) - organisation.clock.now();
    if (notBefore !== undefined) {
      const seconds = inTheWayMs / 1000;
      tellOnce(
        `The name of ${quoted(name)} is taken. Waiting up to ${seconds} s for another resource to give it up`,
        organisation,
      );
      await organisation.clock.sleep(wait);
    }
    return ledger.givers(name, home)[0];
  };
  try {
    return await observe(organisation.clock, look, wasGivenUp ? [] : looksForRoomMs, (giver) => giver !== undefined);
  } catch (error) {
    throw error instanceof InterruptedError ? conflict : error;
  }
}

/** Gives a key a temporary name. Its own update later gives it the new one. */
async function moveAside(
  command: Command,
  wish: Wish,
  { entry, stored }: Giver,
  conflict: ConflictError,
): Promise<void> {
  const { ledger } = command;
  const asideName = entry.fate === "replaced" ? replacedName : renamedName;
  try {
    const holder = stored ?? (await findOrdered(command, wish.organisation, entry));
    if (!holder) return;
    await entry.lock.hold(async () => {
      if (ledger.nameOf(holder) !== wish.name) return;
      const organisation = stored ? await command.organisationOf(stored.state) : wish.organisation;
      await editKey(command, organisation, holder, (id) => ({ name: asideName(wish.name, id) }));
    });
  } catch (error) {
    throw nameNotFreed(wish.name, wish.organisation.site, entry.fate, conflict, error);
  }
}
