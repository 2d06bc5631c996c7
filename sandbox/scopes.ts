import { badRequest } from "./refusal";

/** Some of Datadog's permissions, which are what an application key can be scoped to. */
const knownScopes = new Set([
  "apm_read",
  "apm_service_catalog_read",
  "apm_service_catalog_write",
  "create_webhooks",
  "dashboards_public_share",
  "dashboards_read",
  "dashboards_write",
  "events_read",
  "hosts_read",
  "incident_read",
  "incident_settings_write",
  "incident_write",
  "integrations_read",
  "logs_read_data",
  "logs_read_index_data",
  "logs_write_pipelines",
  "metrics_read",
  "monitors_downtime",
  "monitors_read",
  "monitors_write",
  "org_app_keys_read",
  "org_app_keys_write",
  "org_management",
  "security_monitoring_rules_read",
  "security_monitoring_rules_write",
  "service_account_write",
  "slos_read",
  "slos_write",
  "synthetics_read",
  "synthetics_write",
  "timeseries_query",
  "usage_read",
  "user_access_manage",
  "user_access_read",
  "user_app_keys",
]);

/** Checks the scopes of a body. An empty list means no restriction, which Datadog shows as null. */
export function parseScopes(scopes: unknown): string[] | null {
  if (scopes === null || scopes === undefined) return null;
  if (!Array.isArray(scopes)) throw badRequest("Invalid scopes: must be a list of scope names or null");
  const names = scopes.map(String);
  const unknown = names.filter((name) => !knownScopes.has(name));
  if (unknown.length > 0) throw badRequest(`Invalid scopes: ${unknown.join(", ")}`);
  return names.length > 0 ? [...new Set(names)] : null;
}
