import type { CheckFailure, CheckResult } from "@pulumi/pulumi/dynamic";
import { shown } from "../../datadog/keys";
import { siteHasV1 } from "../../datadog/site-api";
import type { Site } from "../../datadog/sites";
import {
  type Environment,
  type ReadConfig,
  actualSite,
  apiVersionKey,
  configuredApiVersion,
  readSettings,
} from "../../settings";
import { type KeyInputs, type KeyState, isUnknown } from "../model/properties";
import { diffKey } from "./diff";
import { faultOf } from "./fault";
import { shapes } from "./shapes";
import { misspeltArguments } from "./unknown-arguments";

/** Arguments as the engine sends them: nothing is certain of their types, since JavaScript programs exist. */
export type RawInputs = Readonly<Record<string, unknown>>;

/**
 * Fills in the site, and collects every fault under the argument it belongs to. Pure: no request is made.
 * Values that are known only after apply are left alone; the engine checks them again once they are known.
 * @param before what the state holds of the same resource, nothing of a new one
 */
export function checkInputs(
  given: RawInputs,
  config: ReadConfig,
  env: Environment,
  before: RawInputs = {},
): CheckResult {
  const olds: RawInputs = { ...before, site: actualSite(before as Pick<KeyState, "site">, config, env) };
  const news = withoutNulls(given);
  const failures: CheckFailure[] = misspeltArguments(news);
  const fail = (property: string, reason: string) => failures.push(faultOf(property, reason));
  const inputs: Record<string, unknown> = { ...news };
  // In the state it would change with each version of the package.
  delete inputs["__packageVersion"];
  const isKnown = (property: string) => news[property] !== undefined && !isUnknown(news[property]);

  for (const [property, rule] of Object.entries(shapes)) {
    const reason = isKnown(property) ? rule(news[property]) : undefined;
    if (reason !== undefined) fail(property, reason);
  }
  if (news["name"] === undefined) fail("name", "is missing");
  const failed = (property: string) => failures.some((failure) => failure.property === property);
  const name = isKnown("name") && !failed("name") ? (news["name"] as string) : undefined;
  // A key that has such a name keeps it.
  const unfit = name === undefined || name === olds["name"] ? undefined : unfitForNewKey(name);
  if (unfit !== undefined) fail("name", unfit);

  const connection = news["connection"];
  if (isUnknown(connection) || failed("connection")) return { inputs, failures };
  const named = connection as string | undefined;

  // The settings are checked with any site where the site itself is not known yet or wrong.
  const askSite = isKnown("site") && !failed("site") ? (news["site"] as string) : undefined;
  const siteUnknown = isUnknown(news["site"]);
  const request = {
    site: askSite,
    connection: named,
    siteComesLater: news["site"] !== undefined && askSite === undefined,
  };
  const { site, faults, faultsOfWriting } = readSettings(request, config, env);
  if (site && !siteUnknown) inputs["site"] = site;
  const writes = failures.length === 0 && faults.length === 0 && !mayChangeNothing(olds, inputs);
  failures.push(...(writes ? faultsOfWriting : faults));

  // A configured version is no input: every key's state would repeat it. Diff and create look it up again.
  const configured = news["apiVersion"] === undefined ? configuredApiVersion(named, config) : undefined;
  const reason = configured === undefined ? undefined : shapes.apiVersion(configured);
  // No argument of the program's is wrong then.
  const source = named === undefined ? "" : "connection";
  if (reason !== undefined) fail(source, `the configuration's apiVersion ${reason}: correct ${apiVersionKey(named)}`);
  const apiVersion = news["apiVersion"] ?? configured;
  const versionOf = configured === undefined ? "apiVersion" : source;
  failures.push(...misfits({ ...inputs, apiVersion }, siteUnknown ? undefined : site, versionOf));
  return { inputs, failures };
}

/** What is undefined counts as left out; the SDK sends a secret that is undefined as null. */
function withoutNulls(given: RawInputs): RawInputs {
  const kept = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const { keepers, ...others } = kept(given) as RawInputs;
  if (keepers === undefined) return others;
  const isRecord = typeof keepers === "object" && keepers !== null && !Array.isArray(keepers);
  return { ...others, keepers: isRecord ? kept(keepers) : keepers };
}

/**
 * Arguments that are right each by itself and wrong together.
 * @param versionOf the argument that says the version
 */
function misfits(inputs: RawInputs, site: Site | undefined, versionOf: string): CheckFailure[] {
  if (inputs["apiVersion"] !== "v1") return [];
  const failures: CheckFailure[] = [];
  if (site && !siteHasV1(site))
    failures.push({ property: versionOf, reason: `v1 is disabled on ${site}: leave apiVersion out, or set "v2"` });
  const scopes = inputs["scopes"];
  if (!isUnknown(scopes) && (Array.isArray(scopes) ? scopes.length > 0 : scopes !== undefined))
    failures.push({ property: "scopes", reason: 'needs v2: v1 keys have no scopes. Leave apiVersion: "v1" out' });
  if (inputs["actionsApi"] === true)
    failures.push({
      property: "actionsApi",
      reason: 'needs v2: v1 registers no keys for Actions API access. Leave apiVersion: "v1" out',
    });
  if (inputs["serviceAccountId"] !== undefined && !isUnknown(inputs["serviceAccountId"]))
    failures.push({
      property: "serviceAccountId",
      reason: 'needs v2: v1 makes keys for the current user only. Leave apiVersion: "v1" out',
    });
  return failures;
}

/**
 * Whether the program may ask for just the key that the state holds, as far as its values are known: then nothing is
 * made or changed.
 */
function mayChangeNothing(olds: RawInputs, inputs: RawInputs): boolean {
  if (olds["name"] === undefined) return false;
  const known = Object.entries(inputs).map(([property, value]) => [
    property,
    isUnknown(value) ? olds[property] : value,
  ]);
  // Where the program leaves them out, they are no inputs, and say nothing of the key; nor does where the package is.
  const { site, apiVersion } = inputs;
  const state = { site, apiVersion, ...olds, __provider: undefined } as unknown as KeyState;
  return !diffKey(state, Object.fromEntries(known) as KeyInputs).changes;
}

/** What a key that is to be found by its name again cannot be called. Datadog tells no limit of its length. */
function unfitForNewKey(name: string): string | undefined {
  return name === name.trim() ? undefined : `must not begin or end with a blank: give ${shown(name.trim())}`;
}
