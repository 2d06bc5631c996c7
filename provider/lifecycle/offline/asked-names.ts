import { claimedTwice } from "../model/errors";
import { isUnknown } from "../model/properties";
import type { RawInputs } from "./check";

/** How often a name was asked for in this run. */
interface Asked {
  /** By keys of the state that have it, or had it and were changed by hand. */
  kept: number;
  /** By keys of the state that have another. */
  renamed: number;
  /** By checks without old inputs. */
  fresh: number;
  /** Of the keys of the state, those that were not compared yet. */
  uncompared: number;
  /** Of the keys of the state, those that were compared and stay. */
  staying: number;
}

/** What the checks of a run tell of names that two resources of the program ask for. */
export interface Twice {
  readonly message: string;
  /** False where the engine may have asked twice for one resource. */
  readonly surely: boolean;
}

/**
 * The names that a program asks for, to tell two resources that want one in preview. The engine does not say which
 * resource it checks, and checks one that it replaces twice: with its old inputs, then without any.
 */
export class AskedNames {
  readonly #asked = new Map<string, Asked>();

  /** Notes a check. */
  check(olds: RawInputs, inputs: RawInputs): Twice | undefined {
    const wanted = placeOf(inputs);
    if (wanted === undefined) return undefined;
    const asked = this.#asked.get(wanted) ?? { kept: 0, renamed: 0, fresh: 0, uncompared: 0, staying: 0 };
    this.#asked.set(wanted, asked);
    if (olds["name"] === undefined) asked.fresh += 1;
    else {
      asked.uncompared += 1;
      if (placeOf(olds) === wanted) asked.kept += 1;
      else asked.renamed += 1;
    }
    const held = asked.kept + asked.renamed;
    const several = (mayBeReplaced: number) => {
      const made = Math.max(0, asked.fresh - mayBeReplaced);
      return held + made > 1 && asked.renamed + made > 0;
    };
    if (!several(held - asked.staying)) return undefined;
    const { message } = claimedTwice(String(inputs["name"]), String(inputs["site"]));
    return { message, surely: several(held) };
  }

  /**
   * Notes a comparison. One that finds no reason to replace says almost surely that the resource stays; the engine
   * goes on to replace one that it had deleted before in a run that failed.
   */
  compared(inputs: RawInputs, replaced: boolean): void {
    const asked = this.#asked.get(placeOf(inputs) ?? "");
    // A refresh compares before anything is checked.
    if (!asked || asked.uncompared === 0) return;
    asked.uncompared -= 1;
    if (!replaced) asked.staying += 1;
  }
}

/** Where a name has to be one key's: the same owner of the same organisation. */
function placeOf({ name, site, connection, serviceAccountId }: RawInputs): string | undefined {
  const owner = typeof serviceAccountId === "string" ? serviceAccountId.toLowerCase() : serviceAccountId;
  const place = [name, site, connection, owner];
  return place.some(isUnknown) ? undefined : JSON.stringify(place);
}
