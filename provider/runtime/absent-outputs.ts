import type { Output } from "@pulumi/pulumi";

/** What the SDK leaves out of its types of an Output; every release that this package takes has it. */
interface Knowable {
  isKnown: Promise<boolean>;
}

/**
 * Has a preview know that outputs are undefined which the state does not have.
 *
 * In a preview the SDK takes every output that the engine did not answer for one that is known only later. So a key's
 * `scopes` that are undefined would make a preview announce changes of whatever they are given to, each time. The engine
 * answers all outputs if the key does not change, and the inputs alone if it does.
 * @param answered outputs that are no inputs. One of them tells that the engine has answered them all
 * @param absent outputs that may be undefined
 */
export function knowAbsentOutputs(answered: readonly Output<unknown>[], absent: readonly Output<unknown>[]): void {
  const isKnown = (output: Output<unknown>) => (output as unknown as Knowable).isKnown;
  const answers = Promise.all(answered.map(isKnown)).then((known) => known.includes(true));
  // A failed registration is reported by the SDK; it rejects each of them.
  answers.catch(() => undefined);
  for (const output of absent) {
    const known = Promise.all([isKnown(output), answers]).then(([itself, all]) => itself || all);
    known.catch(() => undefined);
    (output as unknown as Knowable).isKnown = known;
  }
}
