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
import { type KeyInputs, isUnknown } from "../model/inputs";
import type { KeyState } from "../model/state";
import { diffKey } from "./diff";
import { faultOf } from "./argument-fault";
import { validators } from "./argument-validators";
import { misspeltArguments } from "./unknown-arguments";

/** Arguments as the engine sends them. JavaScript programs may pass any type. */
export type RawInputs = Readonly<Record<string, unknown>>;

/**
 * Fills in the site, and collects all faults by argument. Sends nothing. Skips values that are known only after apply,
 * because the engine checks them again later.
 * @param before the old inputs of the same resource, undefined for a new one
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
  // If stored, it would change with each version of the package.
  delete inputs["__packageVersion"];
  const isKnown = (property: string) => news[property] !== undefined && !isUnknown(news[property]);

  for (const [property, rule] of Object.entries(validators)) {
    const reason = isKnown(property) ? rule(news[property]) : undefined;
    if (reason !== undefined) fail(property, reason);
  }
  if (news["name"] === undefined) fail("name", "is missing");
  const failed = (property: string) => failures.some((failure) => failure.property === property);
  const name = isKnown("name") && !failed("name") ? (news["name"] as string) : undefined;
  // An existing key keeps its name.
  const unfit = name === undefined || name === olds["name"] ? undefined : unfitForNewKey(name);
  if (unfit !== undefined) fail("name", unfit);

  const connection = news["connection"];
  if (isUnknown(connection) || failed("connection")) return { inputs, failures };
  const named = connection as string | undefined;

  // If the site is unknown or wrong, the other settings are checked with any site.
  const askSite = isKnown("site") && !failed("site") ? (news["site"] as string) : undefined;
  const siteUnknown = isUnknown(news["site"]);
  const request = {
    site: askSite,
    connection: named,
    siteComesLater: news["site"] !== undefined && askSite === undefined,
  };
  const { site, faults, faultsIfWriting } = readSettings(request, config, env);
  if (site && !siteUnknown) inputs["site"] = site;
  const writes = failures.length === 0 && faults.length === 0 && !mayChangeNothing(olds, inputs);
  failures.push(...faults, ...(writes ? faultsIfWriting : []));

  // A configured version is not an input, because every key's state would repeat it. Diff and create look it up again.
  const configured = news["apiVersion"] === undefined ? configuredApiVersion(named, config) : undefined;
  const reason = configured === undefined ? undefined : validators.apiVersion(configured);
  // No argument of the program is wrong here.
  const source = named === undefined ? "" : "connection";
  if (reason !== undefined) fail(source, `the configuration's apiVersion ${reason}: correct ${apiVersionKey(named)}`);
  const apiVersion = news["apiVersion"] ?? configured;
  const versionOf = configured === undefined ? "apiVersion" : source;
  failures.push(...misfits({ ...inputs, apiVersion }, siteUnknown ? undefined : site, versionOf));
  return { inputs, failures };
}

/** Undefined counts as left out. The SDK sends an undefined secret as null. */
function withoutNulls(given: RawInputs): RawInputs {
  const kept = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const { keepers, ...others } = kept(given) as RawInputs;
  if (keepers === undefined) return others;
  const isRecord = typeof keepers === "object" && keepers !== null && !Array.isArray(keepers);
  return { ...others, keepers: isRecord ? kept(keepers) : keepers };
}

/**
 * Arguments that are valid alone but not together.
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
 * Whether the program may ask for exactly the key in the state, as far as its values are known. Then nothing is created
 * or changed.
 */
function mayChangeNothing(olds: RawInputs, inputs: RawInputs): boolean {
  if (olds["name"] === undefined) return false;
  const known = Object.entries(inputs).map(([property, value]) => [
    property,
    isUnknown(value) ? olds[property] : value,
  ]);
  // These say nothing about the key if the program leaves them out. Nor does the location of the package.
  const { site, apiVersion } = inputs;
  const state = { site, apiVersion, ...olds, __provider: undefined } as unknown as KeyState;
  return !diffKey(state, Object.fromEntries(known) as KeyInputs).changes;
}

/** Names that an exact match could not find again. Datadog documents no maximum length. */
function unfitForNewKey(name: string): string | undefined {
  return name === name.trim() ? undefined : `must not begin or end with a blank: give ${shown(name.trim())}`;
}
