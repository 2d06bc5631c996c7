import { distance } from "fastest-levenshtein";
import { knownScopes } from "./known-scopes";
import { badRequest } from "./refusal";

/** Checks the scopes in a body. An empty list means no restriction, which Datadog shows as null. */
export function parseScopes(scopes: unknown): string[] | null {
  if (scopes === null || scopes === undefined) return null;
  if (!Array.isArray(scopes)) throw badRequest("Invalid scopes: must be a list of scope names or null");
  const names = scopes.map(String);
  const unknown = names.filter((name) => !knownScopes.has(name));
  if (unknown.length > 0) throw badRequest(`Invalid scopes: ${unknown.map(withNearOnes).join(", ")}`);
  return names.length > 0 ? [...new Set(names)] : null;
}

/** Up to three scopes whose spelling is similar. */
function withNearOnes(name: string): string {
  const near = [...knownScopes]
    .map((known) => ({ known, letters: distance(known, name) }))
    .filter(({ known, letters }) => letters <= Math.max(2, known.length / 4))
    .sort((a, b) => a.letters - b.letters)
    .slice(0, 3)
    .map(({ known }) => known);
  return near.length > 0 ? `${name} (near: ${near.join(", ")})` : name;
}
