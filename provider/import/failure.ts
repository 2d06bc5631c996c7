/** Why a command could not do everything. The user sees only its message. */
export class ImportFailure extends Error {
  override name = "ImportFailure";
}

/** The command line is wrong. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A signal from the user ended the command. */
export class Interruption extends Error {
  override name = "Interruption";
  constructor(readonly signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
  }
}
