import { type ConflictError, isRefusal } from "../../datadog/errors";
import { type KeyRecord, shown } from "../../datadog/keys";
import { type LifecycleError, nameTaken } from "../model/errors";
import { type Creation, ownKeys } from "./creation";

/** Says who has the name of a key that could not be created, as far as Datadog shows it. */
export async function explainNameTaken(creation: Creation, conflict: ConflictError): Promise<LifecycleError> {
  const { organisation, inputs } = creation;
  return nameTaken(inputs.name, organisation.site, await holderOf(creation), conflict);
}

async function holderOf(creation: Creation): Promise<{ whose: string; hint?: string }> {
  const { organisation, inputs } = creation;
  const isNamed = ({ name }: KeyRecord) => name === inputs.name;
  // The key may belong to the program's own dynamic resource, which an ApplicationKey replaces through an alias.
  const [own] = await ownKeys(creation, isNamed);
  if (own) return { whose: `Your own key has it (${own.id}).` };
  try {
    const [holder] = (await organisation.v2KeysOf("organisation").baseline()).filter(isNamed);
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
