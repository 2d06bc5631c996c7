import { type ConflictError, isRefusal } from "../../datadog/errors";
import { shown } from "../../datadog/keys";
import { type LifecycleError, nameTaken } from "../model/errors";
import type { Organisation } from "../observing/organisation";

/** Says who has a name that none of the caller's keys has, as far as Datadog shows it. */
export async function takenBySomebody(
  organisation: Organisation,
  name: string,
  conflict: ConflictError,
): Promise<LifecycleError> {
  return nameTaken(name, organisation.site, await holderOf(organisation, name), conflict);
}

async function holderOf(organisation: Organisation, name: string): Promise<{ whose: string; hint?: string }> {
  try {
    const [holder] = await organisation.everybodysKeys.filter((key) => key.name === name);
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
