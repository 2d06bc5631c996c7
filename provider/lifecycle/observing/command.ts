import type { Ledger } from "../run/ledger";
import type { OwnWrites } from "../run/own-writes";
import type { Organisation } from "./organisation";
import type { KeyState } from "../model/state";

/** The settings that select a key's credentials. */
export type CredentialsChoice = Pick<KeyState, "connection"> & { readonly site?: string };

/**
 * One user command. The engine starts a provider process for each, and a second one for the program in
 * `pulumi up --refresh` if the configuration has changed since the last `pulumi up`. It knows nothing of the first.
 */
export interface Command {
  readonly ledger: Ledger;
  readonly writes: OwnWrites;
  readonly organisationOf: (credentials: CredentialsChoice) => Promise<Organisation>;
  /** Shows the user a message once. */
  readonly tellOnce: (line: string, organisation: Organisation) => void;
}
