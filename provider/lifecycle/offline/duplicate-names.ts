import type { CheckFailure } from "@pulumi/pulumi/dynamic";
import { adoptedByAnother, nameWantedTwice } from "../model/errors";
import type { Entry, Ledger } from "../run/ledger";

/** Conflicts of a resource with other resources of the program. */
export function duplicateNames(ledger: Ledger, entry: Entry): CheckFailure[] {
  const { wants, olds, resource } = entry;
  if (!wants) return [];
  const rival = ledger.rivalOf(entry);
  const adopter = ledger.adopterOf(entry);
  return [
    ...(rival ? [nameWantedTwice(wants.name, wants.site, resource, rival.resource)] : []),
    ...(adopter ? [adoptedByAnother(olds?.name ?? "", wants.site, resource, adopter.resource)] : []),
  ].map((reason) => ({ property: "name", reason }));
}
