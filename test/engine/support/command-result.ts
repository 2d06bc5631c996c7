export interface CommandResult {
  /** Undefined if a signal ended the command. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Standard output and standard error in the order of writing. */
  all: string;
}

type Finished = Omit<CommandResult, "exitCode"> & Partial<Pick<CommandResult, "exitCode">>;

/** The fields of a finished process that tests use. The other fields would only make failures long. */
export function commandResult({ exitCode, stdout, stderr, all }: Finished): CommandResult {
  return { exitCode, stdout, stderr, all };
}
