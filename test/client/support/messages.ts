/** What the user reads of errors. */
export function messagesOf(errors: readonly Error[]): string[] {
  return errors.map(({ message }) => message);
}

/** Whether an error sends the user to Datadog, to see what became of a key. */
export function sendsToLook({ errors }: { readonly errors: readonly Error[] }): boolean {
  return errors.some(({ message }) =>
    /may have been made|may have made another one|have that key renamed/.test(message),
  );
}
