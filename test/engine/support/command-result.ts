export interface CommandResult {
  /** Undefined where a signal ended the command. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  /** Both, in the order in which they were written. */
  all: string;
}

type Finished = Omit<CommandResult, "exitCode"> & Partial<Pick<CommandResult, "exitCode">>;

/** The part of a finished process that tests look at; the rest would only fill their failures. */
export function commandResult({ exitCode, stdout, stderr, all }: Finished): CommandResult {
  return { exitCode, stdout, stderr, all };
}
