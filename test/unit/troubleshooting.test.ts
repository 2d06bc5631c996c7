import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as datadog from "../../provider/datadog/errors";
import { refusedByProxy } from "../../provider/datadog/http";
import { requestLog } from "../../provider/datadog/request-log";
import { knownUser, lastConfiguration, unknownUser } from "../../provider/lifecycle/engine/first-refusal";
import { checkInputs } from "../../provider/lifecycle/offline/check";
import { keptAsPrevious, keptMessage } from "../../provider/lifecycle/operations/delete";
import * as lifecycle from "../../provider/lifecycle/model/errors";
import { notReadYet, refuseUnserved, withoutEffect } from "../../provider/resource-options";

const doing = { verb: "creating", subject: 'application key "ci"', site: "datadoghq.com" };
const facts = (status: string) => ({ doing, status, words: "Datadog's own words" });
const refusal = new datadog.PermissionDeniedError(facts("403"), "user_app_keys");
const key = { id: "11111111-1111-1111-1111-111111111111", name: "ci" };
const state = { name: "ci", site: "datadoghq.com", apiVersion: "v1" } as const;
const stored = { id: key.id, state };

const [apiKey, appKey] = ["a".repeat(32), "b".repeat(40)];
const credentials = { DD_API_KEY: "a", DD_APP_KEY: "b" };
const reasons = (inputs: Record<string, unknown>, env: Record<string, string> = credentials, version?: string) =>
  checkInputs(
    { name: "ci", ...inputs },
    (name) => (name === "datadog:apiVersion" ? version : undefined),
    env,
  ).failures?.map(({ reason }) => reason) ?? [];

const where = {
  organisation: { site: "datadoghq.com" },
  apiUrl: "https://api.datadoghq.com",
  names: { apiKey: "datadog:apiKey", appKey: "datadog:appKey", apiUrl: "datadog:apiUrl" },
} as const;
const told: string[] = [];
requestLog("all", (line) => told.push(line));
const refused = (options: object) => {
  try {
    refuseUnserved("ci", options);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

/** Every message that a user can meet. */
const messages = [
  ...reasons({}, {}),
  ...reasons({}, { DD_API_KEY: "a b", DD_APP_KEY: "b" }),
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
  ...reasons({
    name: " ",
    apiVersion: "v3",
    scopes: "x",
    serviceAccountId: "x",
    keepers: [],
    adopt: 1,
    keepPrevious: 1,
  }),
  ...reasons({ adopt: { secret: "short" } }),
  ...reasons({ connection: "" }),
  ...reasons({}, credentials, "v3"),
  ...reasons({ apiVersion: "v1", site: "ddog-gov.com", scopes: ["a"], serviceAccountId: key.id, actionsApi: true }),
  ...[
    lifecycle.keyExists("ci", "datadoghq.com", [key]),
    lifecycle.severalKeys("ci", "datadoghq.com", [key, key]),
    lifecycle.secretLost(key, "datadoghq.com"),
    lifecycle.secretOfNoKey("ci", "datadoghq.com"),
    lifecycle.claimedTwice("ci", "datadoghq.com"),
    lifecycle.maybeLeftBehind("ci", "datadoghq.com", "why.", refusal),
    lifecycle.cannotTell(state, key.id, "why."),
    lifecycle.takenOver(stored),
    lifecycle.nameTaken("ci", "datadoghq.com", "Somebody has it.", new datadog.ConflictError(facts("409"))),
    lifecycle.roomNotMade("ci", "datadoghq.com", new datadog.ConflictError(facts("409")), refusal),
    lifecycle.scopesUnknown("ci", "datadoghq.com", refusal),
    lifecycle.createInterrupted("ci", "datadoghq.com", undefined),
    lifecycle.keyIsGone(state, key.id),
    lifecycle.bothRefused(refusal, refusal),
    lifecycle.callerUnnamed("datadoghq.com"),
    lifecycle.noSuchKey(key.id, "datadoghq.com"),
    lifecycle.scopesNotChanged(stored, refusal.message),
    lifecycle.secondMayExist(stored, "may have made another one."),
    lifecycle.actionsApiNotChanged(stored, true, refusal.message),
    lifecycle.replacedIsLeft(stored, [key.id], refusal.message),
    new datadog.BadRequestError(facts("400")),
    refusal,
    new datadog.NotFoundError(facts("404"), true),
    new datadog.NotFoundError(facts("404"), false),
    new datadog.ConflictError(facts("409")),
    new datadog.RateLimitedError(facts("429")),
    new datadog.UnreachableError(facts("ECONNREFUSED"), true),
    new datadog.UnansweredError(facts("503")),
    new datadog.InvalidAnswerError(facts("2xx")),
    new datadog.UnexpectedAnswerError(facts("302")),
  ].map(({ message }) => message),
  refused({ import: key.id }),
  refused({ provider: {} }),
  withoutEffect({ replaceOnChanges: ["name"] }) ?? "",
  notReadYet("site"),
  `${refusal.message} ${knownUser(key, where)}`,
  `${refusal.message} ${unknownUser(where)}`,
  `${reasons({}, {}).join("; ")}. ${lastConfiguration}`,
  new datadog.UnreachableError({ ...facts("403"), words: refusedByProxy(403).message }, false).message,
  ...told,
  // Told, not thrown: see rate-limit.test.ts and the engine's life.test.ts for when.
  keptMessage(stored),
  keptAsPrevious(stored),
  lifecycle.previousUnknown("ci"),
  lifecycle.leaked({ ...key, source: "https://github.com/example" }, { isPrevious: false, keepPrevious: true }),
  'application key "ci" is there already: it is looked at again for 10 s, in case it was just revoked (datadoghq.com)',
  'No answer came to the request for application key "ci": it is looked for, up to 30 s, before anything is sent again (datadoghq.com)',
  "Datadog's rate limit (60 requests in 10 s) is reached: waiting 8 s (datadoghq.com)",
];

/** The first column of the tables, without its code quotes. */
const documented = readFileSync("docs/troubleshooting.md", "utf8")
  .split("\n")
  .flatMap((line) => /^\| `(.+?)` +\|/.exec(line)?.[1] ?? []);

/** The one that says most, where a message fits several. */
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

  test("explains nothing that is never printed", () => {
    expect(documented.filter((row) => !messages.some((message) => rowFor(message) === row))).toEqual([]);
  });
});
