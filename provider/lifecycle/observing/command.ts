import type { Ledger } from "../run/ledger";
import type { OwnWrites } from "../run/own-writes";
import type { Organisation } from "./organisation";
import type { KeyState } from "../model/properties";

/** Which credentials a key needs. */
export type Credentials = Pick<KeyState, "connection"> & { readonly site?: string };

/** One command of the user's: the engine starts a provider process for each. */
export interface Command {
  readonly ledger: Ledger;
  readonly writes: OwnWrites;
  readonly organisationOf: (credentials: Credentials) => Promise<Organisation>;
  /** Tells the user something, once. */
  readonly tellOnce: (line: string, organisation: Organisation) => void;
}
