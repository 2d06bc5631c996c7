export function messagesOf(errors: readonly Error[]): string[] {
  return errors.map(({ message }) => message);
}

/**
 * Patterns of the advice in error messages. Tests that obey an error use them. test/unit/advice.test.ts checks each
 * pattern against the errors that contain it, so a new wording cannot go unnoticed.
 */
export const advice = {
  refresh: /[Rr]un `pulumi (refresh|up --refresh)`/,
  revokeTwin: /may have created another one: (?<ids>[^.]+)\./,
  keepOne: /Revoke or rename all but one of them/,
  adopt: /`adopt: true`/,
  adoptByReplacing: /One-Time Read.*`adopt: "replace"`/s,
  forget: /The state does not name its organisation.*`pulumi state delete`/s,
  doNotAdopt: /Remove `adopt` there/,
  askAnother: /Use the credentials of its owner/,
  look: /may have been created|may have created another one|have that key renamed/,
} as const satisfies Record<string, RegExp>;

/** Whether an error tells the user to look in Datadog at what became of a key. */
export function sendsToDatadog({ errors }: { readonly errors: readonly Error[] }): boolean {
  return errors.some(({ message }) => advice.look.test(message));
}
