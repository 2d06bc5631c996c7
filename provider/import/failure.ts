/** Why a command ends without having done all that it was asked for; its message is all that the user is shown. */
export class ImportFailure extends Error {
  override name = "ImportFailure";
}

/** The command was called in a way that it does not know. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The user's signal ended the command. */
export class Interruption extends Error {
  override name = "Interruption";
  constructor(readonly signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
  }
}
