import { type ConflictError, isRefusal } from "../../datadog/errors";
import { shown } from "../../datadog/keys";
import { type LifecycleError, nameTaken } from "../model/errors";
import type { VersionedPlan } from "./creation";

/** Says who has the name of a key that could not be created, as far as Datadog shows it. */
export async function explainNameTaken(plan: VersionedPlan, conflict: ConflictError): Promise<LifecycleError> {
  const { organisation, inputs } = plan;
  return nameTaken(inputs.name, organisation.site, await holderOf(plan), conflict);
}

async function holderOf({
  organisation,
  api,
  keys,
  inputs: { name },
}: VersionedPlan): Promise<{ whose: string; hint?: string }> {
  // The key may belong to the program's own dynamic resource, which an ApplicationKey replaces through an alias.
  const [own] = await organisation.ownKeys(api.version, await keys.filterBaseline((key) => key.name === name));
  if (own) return { whose: `Your own key has it (${own.id}).` };
  try {
    const [holder] = await organisation.everybodysKeys.filterBaseline((key) => key.name === name);
    if (!holder) return { whose: "The list of the organisation's keys does not show which key has it." };
    const { owner } = await organisation.v2.get("organisation", holder.id);
    return {
      whose: `Another user's key has it (${holder.id}${owner === undefined ? "" : `, owner ${shown(owner)}`}).`,
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return {
      whose: "None of your keys has it, so another user of the organisation may have it.",
      hint: "A user with the permission org_app_keys_read sees whose key has the name.",
    };
  }
}
