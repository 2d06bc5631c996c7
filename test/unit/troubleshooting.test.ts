import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { type ProviderResource, output } from "@pulumi/pulumi";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as datadog from "../../provider/datadog/errors";
import { refusedByProxy } from "../../provider/datadog/http";
import { MalformedProxyError } from "../../provider/datadog/proxy";
import { requestLog } from "../../provider/datadog/request-log";
import { credentialsRefused, userRefused } from "../../provider/lifecycle/explain-refusal";
import { checkInputs } from "../../provider/lifecycle/offline/check";
import { foreignArguments } from "../../provider/lifecycle/offline/unknown-arguments";
import * as lifecycle from "../../provider/lifecycle/model/errors";
import { inConfiguration, inProvider } from "../../provider/plain-credentials";
import { refuseArguments, refuseLookups } from "../../provider/resource-arguments";
import { notReadYet, refuseUnserved, withoutEffect } from "../../provider/resource-options";
import { notInstalledIn } from "../../provider/runtime/installation";
import { rotationPeriod } from "../../provider/rotation-period";

const doing = { verb: "creating", subject: 'application key "ci"', site: "datadoghq.com" };
const facts = (status: string, words = "Datadog's own words") => ({ doing, status, words });
const refusal = new datadog.PermissionDeniedError(facts("403"), "user_app_keys");
const key = { id: "11111111-1111-1111-1111-111111111111", name: "ci" };
const state = { name: "ci", site: "datadoghq.com", apiVersion: "v1" } as const;
const stored = { id: key.id, state };
const resource = "pulumi-nodejs:dynamic/datadog:ApplicationKey::a";
const conflict = new datadog.ConflictError(facts("409"));

const [apiKey, appKey] = ["a".repeat(32), "b".repeat(40)];
const credentials = { DD_API_KEY: "a", DD_APP_KEY: "b" };
const reasons = (
  inputs: Record<string, unknown>,
  env: Record<string, string> = credentials,
  config: Record<string, string> = {},
) => checkInputs({ name: "ci", ...inputs }, (name) => config[name], env).failures?.map(({ reason }) => reason) ?? [];

const where = {
  organisation: {
    site: "datadoghq.com",
    apiUrl: "https://api.datadoghq.com",
    names: { apiKey: "datadog:apiKey", appKey: "datadog:appKey", apiUrl: "datadog:apiUrl" },
  },
  key: "ci",
  withoutProgram: false,
} as const;
const told: string[] = [];
requestLog("all", (line) => told.push(line));
const thrownBy = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

/** Variable parts of messages besides Datadog's text, by message. */
const insertions = {
  unanswered: ["Datadog did not answer in 30 s", "the connection ended before an answer came"],
  invalid: [
    'the answer has no usable "name"',
    "the answer is not JSON",
    "the answer is larger than 1 MiB",
    "the list has not ended after 1000 pages",
    "the list has 150 items, and its total says 100000",
  ],
  rateLimited: [
    "the wait for Datadog's rate limit was interrupted",
    "Datadog's rate limit asks to wait longer than 5 minutes",
  ],
  cannotTell: [
    "Datadog's reads may be late, and the wait for them was interrupted.",
    "v1 does not show it, and v2 finds it only by the end of its secret.",
    `It is not among the keys that these credentials may see, and it may be another user's: ${refusal.brief}`,
    `It is not among the caller's own keys: ${refusal.brief}`,
    `The state does not name its organisation, and the organisation of the credentials (${key.id}) does not show it.`,
    `Its service account is gone, or not shown to these credentials: ${refusal.brief}`,
    `No key has its name, but "other" (${key.id}) ends with the same four characters, so it may have been renamed.`,
  ],
  nameTaken: [
    { whose: `Your own key has it (${key.id}).` },
    { whose: "The list of the organisation's keys does not show which key has it." },
    { whose: `Another user's key has it (${key.id}, owner "somebody@example.com").` },
    {
      whose: "None of your keys has it, so another user of the organisation may have it.",
      hint: "A user with the permission org_app_keys_read sees whose key has the name.",
    },
  ],
  maybeLeftBehind: [
    `${refusal.brief} The list does not show it.`,
    `${refusal.brief} The wait for it was interrupted.`,
    `${refusal.brief} The list shows it (${key.id}), and a request for it failed too: ${refusal.message}`,
    `${refusal.brief} Looking for it failed too: ${refusal.message}`,
  ],
  twinMayExist: [lifecycle.twinsFound([key]), lifecycle.twinsUnknown(refusal.message)],
  doing: [
    { ...doing, subject: "the application keys (v1)" },
    { ...doing, subject: "the application keys with Actions API access" },
    { ...doing, subject: 'application key "ci" for Actions API access' },
    { ...doing, verb: "changing the scopes of" },
    { ...doing, verb: "looking up" },
  ],
  permission: [
    "user_app_keys, or org_app_keys_write where another user owns the key",
    "user_app_keys, user_access_manage or service_account_write",
    "user_app_keys or org_app_keys_read",
  ],
};

const host = "api.datadoghq.com";
const untrusted = `the certificate of ${host} is signed by an authority that Node.js does not trust`;
const obstacles = [
  ["noAddress", "ENOTFOUND", `no address was found for ${host}`],
  ["noConnection", "ECONNREFUSED", `no connection to ${host} could be opened`],
  ["noConnection", "ETIMEDOUT", `no connection to the proxy in HTTPS_PROXY (proxy:3128) could be opened in 10 s`],
  ["unknownAuthority", "SELF_SIGNED_CERT_IN_CHAIN", untrusted],
  ["anotherAuthority", "SELF_SIGNED_CERT_IN_CHAIN", untrusted],
  ["certificate", "CERT_HAS_EXPIRED", `the certificate of ${host} is not valid for it`],
  ["noTls", "EPROTO", `no trusted TLS connection to ${host} could be made`],
  ["malformedProxy", "ERR_INVALID_URL", new MalformedProxyError("HTTPS_PROXY").message],
] as const;
const refusals = [
  refusedByProxy(403, { url: new URL("http://proxy"), variable: "HTTPS_PROXY" }, host),
  refusedByProxy(407, { url: new URL("http://proxy"), variable: "HTTPS_PROXY" }, host),
  refusedByProxy(407, { url: new URL("http://ada@proxy"), variable: "HTTPS_PROXY" }, host),
  refusedByProxy(502, { url: new URL("http://proxy"), variable: "HTTPS_PROXY" }, host),
];

/** All messages that a user can see. */
const messages = [
  notInstalledIn("/project"),
  ...reasons({}, {}),
  ...reasons({}, { DD_API_KEY: "a b", DD_APP_KEY: "b" }),
  ...reasons({}, credentials, { "datadog:apiKey": "a b" }),
  ...[
    "example.com:443",
    "http://example.com",
    "ftp://example.com",
    "https://u:p@h",
    "https://h/?q",
    "nonsense",
    "https://app.datadoghq.eu/",
  ].flatMap((DD_HOST) => reasons({}, { ...credentials, DD_HOST })),
  ...[
    [apiKey, key.id],
    [apiKey, apiKey],
    [appKey, apiKey],
    [apiKey, "f".repeat(32)],
    [appKey, "ddapp_x"],
    ["ddpat_x", appKey],
    [apiKey, "ddsat_x"],
  ].flatMap(([DD_API_KEY = "", DD_APP_KEY = ""]) => reasons({}, { DD_API_KEY, DD_APP_KEY })),
  ...reasons({ site: "EU" }, { ...credentials, DD_HOST: "https://api.datadoghq.com" }),
  ...reasons({ name: "ci ", scopes: [key.id] }),
  ...reasons({ scopes: ["a b"] }),
  ...reasons({ name: 1, site: "datadog.com" }),
  ...reasons({}, { ...credentials, DATADOG_SITE: "a b" }),
  ...reasons({ name: undefined }),
  ...reasons({
    name: " ",
    apiVersion: "v3",
    scopes: "x",
    serviceAccountId: "x",
    keepers: [],
    adopt: 1,
    keepPrevious: 1,
  }),
  ...reasons({ adopt: { secret: "short" }, scope: [], keeper: {} }),
  ...reasons({ connection: "" }),
  ...reasons({}, credentials, { "datadog:apiVersion": "v3" }),
  ...reasons({ apiVersion: "v1", site: "ddog-gov.com", scopes: ["a"], serviceAccountId: key.id, actionsApi: true }),
  ...[
    lifecycle.keyExists("ci", "datadoghq.com", key),
    lifecycle.severalKeys("ci", "datadoghq.com", [key, key]),
    lifecycle.severalPrevious("ci", "datadoghq.com", [key, key]),
    lifecycle.secretLost(key, "datadoghq.com"),
    lifecycle.secretOfNoKey("ci", "datadoghq.com"),
    lifecycle.wrongOrganisation("ci", "datadoghq.com", key.id, { id: key.id, orgId: key.id, orgName: "Example" }),
    lifecycle.organisationUnknown("ci", "datadoghq.com", key.id),
    lifecycle.credentialsChanged("ci", "datadoghq.com"),
    lifecycle.nothingRotated(stored),
    lifecycle.revokesItself(stored, "datadog:appKey"),
    lifecycle.adoptedNameTaken(key, "datadoghq.com", conflict),
    lifecycle.idIsSecret("datadoghq.com"),
    ...insertions.maybeLeftBehind.map((why) => lifecycle.maybeLeftBehind("ci", "datadoghq.com", why, refusal)),
    ...insertions.cannotTell.map((why) => lifecycle.cannotTell(state, key.id, why)),
    lifecycle.cannotTell({ ...state, name: "" }, key.id, "why."),
    lifecycle.cannotTell({ ...state, serviceAccountId: key.id }, key.id, "why."),
    lifecycle.keyOfAnotherResource(stored, resource, resource),
    ...insertions.nameTaken.map((whose) => lifecycle.nameTaken("ci", "datadoghq.com", whose, conflict)),
    lifecycle.nameNotFreed("ci", "datadoghq.com", "replaced", conflict, refusal),
    lifecycle.nameNotFreed("ci", "datadoghq.com", "kept", conflict, refusal),
    lifecycle.scopesUnknown("ci", "datadoghq.com", refusal),
    lifecycle.createInterrupted("ci", "datadoghq.com", undefined),
    lifecycle.keyIsGone(state, key.id),
    new lifecycle.BothRefusedError(refusal, refusal),
    lifecycle.callerUnnamed("datadoghq.com"),
    lifecycle.noSuchKey(key.id, "datadoghq.com"),
    new datadog.BadRequestError(facts("400")),
    refusal,
    new datadog.PermissionDeniedError(facts("403")),
    ...insertions.doing.map((doing) => new datadog.PermissionDeniedError({ ...facts("403"), doing }, "user_app_keys")),
    ...insertions.permission.map((permission) => new datadog.PermissionDeniedError(facts("403"), permission)),
    new datadog.NotFoundError(facts("404"), true),
    new datadog.NotFoundError(facts("404"), false),
    new datadog.ConflictError(facts("409")),
    ...insertions.rateLimited.map((words) => new datadog.RateLimitedError(facts("429", words))),
    ...obstacles.map(([obstacle, code, words]) => new datadog.UnreachableError(facts(code, words), obstacle)),
    ...insertions.unanswered.map((words) => new datadog.UnansweredError(facts("503", words))),
    ...insertions.invalid.map((words) => new datadog.InvalidAnswerError(facts("2xx", words))),
    new datadog.UnansweredError(facts("no answer")),
    new datadog.UnexpectedAnswerError(facts("302", "the answer did not come from Datadog")),
    new datadog.UnexpectedAnswerError(facts("403", "the answer did not come from Datadog")),
    new datadog.PermissionDeniedError(facts("403", "Datadog gave no reason"), "user_app_keys"),
    new datadog.LimitReachedError(facts("400")),
    new datadog.SecretAsIdError(doing),
  ].map(({ message }) => message),
  // The reasons that the engine shows for an operation that was done in part.
  lifecycle.scopesNotChanged(stored, refusal.message),
  ...insertions.twinMayExist.map((doubt) => lifecycle.twinMayExist(stored, doubt)),
  lifecycle.actionsApiNotChanged(stored, true, refusal.message),
  lifecycle.actionsApiNotChanged(stored, false, refusal.message),
  lifecycle.replacedIsLeft(stored, refusal.message),
  lifecycle.previousNotRenamed(stored, refusal.message),
  lifecycle.nameWantedTwice("ci", "datadoghq.com", resource, resource),
  lifecycle.nameWantedTwice("ci", "datadoghq.com", resource, "pulumi-nodejs:dynamic/datadog:ApplicationKey::b"),
  lifecycle.adoptedByAnother("ci", "datadoghq.com", resource, resource),
  thrownBy(() => {
    refuseUnserved("ci", { import: key.id });
  }),
  thrownBy(() => {
    refuseUnserved("ci", { provider: { getPackage: () => "datadog" } as unknown as ProviderResource });
  }),
  ...[output({}), Promise.resolve({}), "ci"].map((args) =>
    thrownBy(() => {
      refuseArguments("ci", args);
    }),
  ),
  thrownBy(() => {
    refuseLookups("ci", { name: "ci" });
  }),
  inConfiguration("datadog:appKey"),
  inProvider("datadog:appKey"),
  ...foreignArguments({ tags: {} }),
  ...foreignArguments({ expiresAfter: "30d", __packageVersion: "99.0.0" }),
  // The SDK's own, of `pulumi import TYPE NAME ID`.
  "code must be a string, not undefined",
  thrownBy(() => rotationPeriod({ days: 0 })),
  thrownBy(() => rotationPeriod({ days: 1, at: new Date("never") })),
  withoutEffect({ replaceOnChanges: ["name"] }) ?? "",
  notReadYet("site"),
  ...[
    refusal,
    new lifecycle.BothRefusedError(refusal, refusal),
    lifecycle.cannotTell(state, key.id, "why.", refusal),
  ].flatMap((error) => [
    userRefused(error, key, where),
    userRefused(error, key, { ...where, withoutProgram: true }),
    credentialsRefused(error, where),
    credentialsRefused(error, { ...where, withoutProgram: true }),
  ]),
  `${reasons({}, {}).join("; ")}. ${lifecycle.lastConfiguration}`,
  ...refusals.map((refusal) => {
    if (refusal.kind === "unanswered" || refusal.kind === "oversized") throw refusal;
    return new datadog.UnreachableError(facts(refusal.code, refusal.message), refusal.kind).message;
  }),
  ...told,
  // The provider prints these and does not throw them. rate-limit.test.ts and the engine's life.test.ts test when.
  lifecycle.keptByAnother(stored, resource),
  lifecycle.keptAsPrevious(stored),
  lifecycle.goneWithMoreToRevoke(stored),
  lifecycle.willRevokeItself("ci", "datadog:appKey"),
  lifecycle.previousUnknown("ci"),
  lifecycle.previousSecretLost(key),
  lifecycle.previousKeepsName(stored, refusal),
  lifecycle.previousTakesOver(stored, stored),
  "Datadog does not show every key. Looking again for up to 30 s, because its reads may be late (datadoghq.com)",
  lifecycle.leaked({ ...key, source: "https://github.com/example" }, { isPrevious: false, keepPrevious: true }),
  lifecycle.leaked(key, { isPrevious: true, keepPrevious: true }),
  'The name of application key "ci" is taken. Waiting up to 10 s for another resource to give it up (datadoghq.com)',
  'application key "ci" exists already. Looking again for 10 s, in case it was just revoked (datadoghq.com)',
  'No answer came to the request for application key "ci". Looking for the key for up to 30 s before trying again (datadoghq.com)',
  "Datadog's rate limit (60 requests in 10 s) is reached: waiting 8 s (datadoghq.com)",
];

/** Texts that no user has to look up. */
const notLookedUp = [
  // Only a bug can print this.
  "a key that v1 listed has no secret",
  "v1 cannot make this change",
  // The code uses this word internally.
  "does not show yet",
  // These point at an error that is printed elsewhere (see show-error-once.ts).
  "reading application key",
  "revoking application key",
  "comparing application key",
  "see the resource's own error",
];

/** The texts of several words in the sources of all but the import command, whose messages say enough. */
const texts = readdirSync("provider", { recursive: true, encoding: "utf8" })
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => file.endsWith(".ts") && !/^(import|runtime)\/|^stored-provider/.test(file))
  .flatMap((file) => textsIn(readFileSync(`provider/${file}`, "utf8")))
  .filter((text) => /\s/.test(text) && !notLookedUp.includes(text));

function textsIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text.trim());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", source, ts.ScriptTarget.Latest));
  return found;
}

/** The first column of the tables, without backticks. */
const documented = readFileSync("docs/troubleshooting.md", "utf8")
  .split("\n")
  .flatMap((line) => /^\| `(.+?)` +\|/.exec(line)?.[1] ?? []);

/** The longest row that matches the message. */
const rowFor = (message: string) =>
  documented.filter((row) => fits(row, message)).sort((one, other) => other.length - one.length)[0];

function fits(row: string, message: string): boolean {
  const parts = row.split("…").map((part) => part.trim());
  let rest = message.replaceAll("\n", " ");
  return parts.every((part, index) => {
    const at = rest.indexOf(part);
    if (at === -1 || (index === 0 && at > 0)) return false;
    rest = rest.slice(at + part.length);
    return true;
  });
}

describe("docs/troubleshooting.md", () => {
  test.each([...new Set(messages)])("explains: %s", (message) => {
    expect(rowFor(message)).toBeDefined();
  });

  test("has a row for every text that the provider can print", () => {
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !messages.some((message) => message.includes(text)))).toEqual([]);
  });

  test("has no row for a text that is never printed", () => {
    expect(documented.filter((row) => !messages.some((message) => rowFor(message) === row))).toEqual([]);
  });
});
