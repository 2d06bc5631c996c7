import { describe, expect, test } from "vitest";
import {
  BadRequestError,
  ConflictError,
  DatadogError,
  InvalidAnswerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitedError,
  UnansweredError,
  UnexpectedAnswerError,
  UnreachableError,
  isRefusal,
  mayHaveHappened,
} from "../../provider/datadog/errors";

const facts = (words: string) => ({
  doing: { verb: "creating", subject: 'application key "ci"', site: "datadoghq.eu" },
  status: "403",
  words,
});
const family: [string, DatadogError, { refusal?: true; unsure?: true }][] = [
  ["BadRequestError", new BadRequestError(facts("no")), {}],
  ["PermissionDeniedError", new PermissionDeniedError(facts("no"), "user_app_keys"), { refusal: true }],
  ["NotFoundError", new NotFoundError(facts("no"), true), { refusal: true }],
  ["ConflictError", new ConflictError(facts("no")), {}],
  ["RateLimitedError", new RateLimitedError(facts("no")), {}],
  ["UnreachableError", new UnreachableError(facts("no"), "noConnection"), {}],
  ["UnansweredError", new UnansweredError(facts("no")), { unsure: true }],
  ["InvalidAnswerError", new InvalidAnswerError(facts("no")), { unsure: true }],
  ["UnexpectedAnswerError", new UnexpectedAnswerError(facts("no")), {}],
];

describe("errors", () => {
  test.each(family)(
    "%s says status, verb, key, site, Datadog's words and the next step",
    (name, error, { refusal, unsure }) => {
      expect(error).toBeInstanceOf(DatadogError);
      expect(error.name).toBe(name);
      expect(error.message).toMatch(/^403 creating application key "ci" on datadoghq\.eu: no\. [A-Z].{15,}\.$/);
      // What follows from it: whether v2 may be tried, and whether a key may have been made.
      expect(isRefusal(error)).toBe(refusal ?? false);
      expect(mayHaveHappened(error)).toBe(unsure ?? false);
    },
  );

  test("the permission that is needed is named", () => {
    expect(new PermissionDeniedError(facts("Forbidden"), "org_app_keys_write").message).toContain("org_app_keys_write");
  });

  test.each(["no.", "no!", "no?"])("words that end by themselves (%s) get no second full stop", (words) => {
    expect(new ConflictError(facts(words)).message).toContain(`: ${words} Choose`);
  });

  test("other errors are none of them", () => {
    for (const error of [new Error("x"), undefined, "403"]) {
      expect(isRefusal(error)).toBe(false);
      expect(mayHaveHappened(error)).toBe(false);
    }
  });
});
