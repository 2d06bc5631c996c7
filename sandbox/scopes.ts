import { badRequest } from "./refusal";

/**
 * What an application key can be scoped to, Datadog's permissions, by their first and their last word: there are hundreds,
 * and new ones each month.
 * @see https://docs.datadoghq.com/api/latest/scopes/
 */
const first =
  "apm|api|audit|cases|ci|cloud|code|create|dashboards|data|events|hosts|incident|integrations|logs|manage|metrics?|" +
  "monitors?|notebooks|org|rum|security|service|slos|synthetics|teams|test|timeseries|usage|user|workflows";
const last =
  "archives|config|corrections|data|downtime|indexes|integrations|invite|keys|manage|management|metrics|pipelines|" +
  "query|read|run|share|webhooks|write";
const knownScope = new RegExp(`^(${first})(_[a-z]+)*_(${last})$`);

/** Checks the scopes of a body. An empty list means no restriction, which Datadog shows as null. */
export function parseScopes(scopes: unknown): string[] | null {
  if (scopes === null || scopes === undefined) return null;
  if (!Array.isArray(scopes)) throw badRequest("Invalid scopes: must be a list of scope names or null");
  const names = scopes.map(String);
  const unknown = names.filter((name) => !knownScope.test(name));
  if (unknown.length > 0) throw badRequest(`Invalid scopes: ${unknown.join(", ")}`);
  return names.length > 0 ? [...new Set(names)] : null;
}
