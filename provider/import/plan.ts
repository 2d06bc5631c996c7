import { last4Of, shown } from "../datadog/keys";
import { heldAs } from "./already-held";
import type { Arguments } from "./arguments";
import type { AsProgram } from "./as-program";
import { chooseKeys } from "./choose-keys";
import { ImportFailure } from "./failure";
import { type FoundKey, findKeys } from "./found-keys";
import { type NamedKey, nameResources } from "./resource-names";
import type { HeldKey } from "./stack";

/** A selected key that is not imported. */
export interface LeftOut {
  readonly key: FoundKey;
  readonly why: string;
}

export interface Plan {
  readonly keys: readonly NamedKey[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Decides which keys to import, and under which names.
 * @param held the keys of the stack
 * @throws ImportFailure if the arguments select no key
 */
export async function planImport(args: Arguments, program: AsProgram, held: readonly HeldKey[]): Promise<Plan> {
  const { organisation, owner, apiVersion, appKey } = program;
  const found = await findKeys(organisation, owner, apiVersion);
  const { chosen, signing } = chooseKeys(found, args, ({ record: { key, last4 } }) =>
    key === undefined ? last4 === last4Of(appKey) : key === appKey,
  );
  if (chosen.length + signing.length === 0)
    throw new ImportFailure(
      `None of the owner's ${found.length} keys on ${organisation.site} matches. Correct the name, id or pattern, or use the ` +
        "credentials of the key's owner (for a service account's keys, --service-account).",
    );
  const whose = { site: organisation.site, owner: (await organisation.identityOf(owner)).owner };
  const leftOut = signing.map((key) => ({
    key,
    why: "this command uses it for its requests. To import it too, give its name",
  }));
  const keys: FoundKey[] = [];
  for (const key of chosen) {
    const holder = heldAs(key, held, whose);
    if (holder) leftOut.push({ key, why: `the stack already has it, as ${shown(holder.resource)}` });
    else keys.push(key);
  }
  const taken = held.map(({ resource }) => resource);
  return { keys: nameResources(keys, args.resourceNames, taken), leftOut };
}
