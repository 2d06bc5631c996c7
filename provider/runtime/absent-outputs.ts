import type { Output } from "@pulumi/pulumi";

/** Missing from the SDK's type of an Output. Every supported release has it. */
interface Knowable {
  isKnown: Promise<boolean>;
}

/**
 * Tells a preview that outputs missing from the state are undefined.
 *
 * In a preview, the SDK treats every output that the engine did not return as not known yet. Without this, undefined
 * `scopes` would announce a change, in every preview, of each resource that uses them. The engine returns all outputs
 * if the key does not change, and only the inputs if it does.
 * @param answered outputs that are not inputs. If one of them has a value, the engine has returned all outputs
 * @param absent outputs that may be undefined
 */
export function knowAbsentOutputs(answered: readonly Output<unknown>[], absent: readonly Output<unknown>[]): void {
  const isKnown = (output: Output<unknown>) => (output as unknown as Knowable).isKnown;
  const answers = Promise.all(answered.map(isKnown)).then((known) => known.includes(true));
  // The SDK reports a failed registration, and rejects each of these.
  answers.catch(() => undefined);
  for (const output of absent) {
    const known = Promise.all([isKnown(output), answers]).then(([itself, all]) => itself || all);
    known.catch(() => undefined);
    (output as unknown as Knowable).isKnown = known;
  }
}
