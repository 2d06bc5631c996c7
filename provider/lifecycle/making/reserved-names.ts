import { claimedTwice } from "../model/errors";
import { type Organisation, type Owner, ownerId } from "../finding/organisation";

/**
 * Takes a name for one resource of this run. Two resources that want one name would otherwise adopt each other's key,
 * or take each other's for their own when an answer is lost.
 * @returns gives the name back, for where nothing came of it
 */
export function claim(organisation: Organisation, owner: Owner, name: string): () => void {
  const key = `${ownerId(owner)}/${name}`;
  if (organisation.claims.has(key)) throw claimedTwice(name, organisation.site);
  organisation.claims.add(key);
  return () => organisation.claims.delete(key);
}
