/** What the user reads of errors. */
export function messagesOf(errors: readonly Error[]): string[] {
  return errors.map(({ message }) => message);
}

/**
 * What errors advise, by the words that do: who obeys them in a test goes by these. test/unit/advice.test.ts holds each
 * against the errors that say it, so that other words do not change unseen what is obeyed.
 */
export const advice = {
  refresh: /[Rr]un `pulumi refresh`/,
  revokeTwin: /may have created another one: (?<ids>[^.]+)\./,
  keepOne: /Revoke or rename all but one of them/,
  adopt: /`adopt: true`/,
  adoptByReplacing: /One-Time Read.*`adopt: "replace"`/s,
  askAnother: /Use the credentials of its owner/,
  look: /may have been created|may have created another one|have that key renamed/,
} as const satisfies Record<string, RegExp>;

/** Whether an error sends the user to Datadog, to see what became of a key. */
export function sendsToLook({ errors }: { readonly errors: readonly Error[] }): boolean {
  return errors.some(({ message }) => advice.look.test(message));
}
