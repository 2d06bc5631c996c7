import type { CheckFailure, CheckResult } from "@pulumi/pulumi/dynamic";
import { servesV1 } from "../../datadog/site-api";
import type { Site } from "../../datadog/sites";
import { type Environment, type ReadConfig, configuredApiVersion, readSettings } from "../../settings";
import { isUnknown } from "../model/properties";

/** Arguments as the engine sends them: nothing is certain of their types, since JavaScript programs exist. */
export type RawInputs = Readonly<Record<string, unknown>>;

/**
 * Fills defaults in and collects every fault under the argument it belongs to. Pure: no request is made.
 * Values that are known only after apply are left alone; the engine checks them again once they are known.
 */
export function checkInputs(news: RawInputs, config: ReadConfig, env: Environment): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = (property: string, reason: string) => failures.push({ property, reason });
  const inputs: Record<string, unknown> = { ...news };
  const given = (property: string) => news[property] !== undefined && !isUnknown(news[property]);

  for (const [property, rule] of Object.entries(shapes)) {
    const reason = given(property) ? rule(news[property]) : undefined;
    if (reason !== undefined) fail(property, reason);
  }
  if (news["name"] === undefined) fail("name", "is missing");

  const connection = news["connection"];
  const failed = (property: string) => failures.some((failure) => failure.property === property);
  if (isUnknown(connection) || failed("connection")) return { inputs, failures };
  const named = connection as string | undefined;

  // The settings are checked with any site where the site itself is not known yet or wrong.
  const askSite = given("site") && !failed("site") ? (news["site"] as string) : undefined;
  const { site, faults } = readSettings({ site: askSite, connection: named }, config, env);
  failures.push(...faults);
  if (site && !isUnknown(news["site"])) inputs["site"] = site;

  // A configured version is no input: every key's state would repeat it. Diff and create look it up again.
  const configured = news["apiVersion"] === undefined ? configuredApiVersion(named, config) : undefined;
  const reason = configured === undefined ? undefined : shapes.apiVersion(configured);
  if (reason !== undefined) fail("apiVersion", `the configuration's apiVersion ${reason}`);
  const apiVersion = news["apiVersion"] ?? configured;
  failures.push(...misfits({ ...inputs, apiVersion }, isUnknown(news["site"]) ? undefined : site));
  return { inputs, failures };
}

/** Arguments that are right each by itself and wrong together. */
function misfits(inputs: RawInputs, site: Site | undefined): CheckFailure[] {
  if (inputs["apiVersion"] !== "v1") return [];
  const failures: CheckFailure[] = [];
  if (site && !servesV1(site))
    failures.push({ property: "apiVersion", reason: `v1 is disabled on ${site}: leave apiVersion out, or set "v2"` });
  const scopes = inputs["scopes"];
  if (Array.isArray(scopes) ? scopes.length > 0 : scopes !== undefined)
    failures.push({ property: "scopes", reason: 'needs v2: v1 keys have no scopes. Leave apiVersion: "v1" out' });
  if (inputs["serviceAccountId"] !== undefined)
    failures.push({
      property: "serviceAccountId",
      reason: 'needs v2: v1 makes keys for the current user only. Leave apiVersion: "v1" out',
    });
  return failures;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** For each argument: what is wrong with a value, if anything. A missing or unknown value is not asked about. */
const shapes = {
  name: (value: unknown) => {
    if (typeof value !== "string") return "must be a string";
    return value.trim() === "" ? "must not be empty: Datadog shows it in its list of keys" : undefined;
  },
  site: (value: unknown) => (typeof value === "string" ? undefined : "must be a string"),
  apiVersion: (value: unknown) => (value === "v1" || value === "v2" ? undefined : 'must be "v1" or "v2"'),
  scopes: (value: unknown) =>
    Array.isArray(value) && value.every((scope) => typeof scope === "string" && scope.trim() !== "")
      ? undefined
      : "must be a list of authorisation scopes, such as dashboards_read",
  serviceAccountId: (value: unknown) =>
    typeof value === "string" && uuid.test(value)
      ? undefined
      : "must be the UUID of a service account, as in 00000000-0000-0000-0000-000000000000",
  keepers: (value: unknown) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((keeper) => typeof keeper === "string")
      ? undefined
      : "must be an object whose values are strings",
  adopt: (value: unknown) =>
    typeof value === "boolean" || value === "replace" ? undefined : 'must be true, false or "replace"',
  connection: (value: unknown) =>
    typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(value)
      ? undefined
      : 'must be a name of letters, digits, "-" and "_": "eu" reads datadog-eu:apiKey',
} satisfies Record<string, (value: unknown) => string | undefined>;
