/** What the user reads of errors. */
export function messagesOf(errors: readonly Error[]): string[] {
  return errors.map(({ message }) => message);
}
