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
    "%s contains status, verb, key, site, Datadog's message and the next step",
    (name, error, { refusal, unsure }) => {
      expect(error).toBeInstanceOf(DatadogError);
      expect(error.name).toBe(name);
      expect(error.message).toMatch(/^403 creating application key "ci" on datadoghq\.eu: no\. [A-Z].{15,}\.$/);
      // The error says whether the client may try v2, and whether a key may have been created.
      expect(isRefusal(error)).toBe(refusal ?? false);
      expect(mayHaveHappened(error)).toBe(unsure ?? false);
    },
  );

  test("the error names the missing permission", () => {
    expect(new PermissionDeniedError(facts("Forbidden"), "org_app_keys_write").message).toContain("org_app_keys_write");
  });

  test.each(["no.", "no!", "no?"])("a message that ends with punctuation (%s) gets no full stop", (words) => {
    expect(new ConflictError(facts(words)).message).toContain(`: ${words} Choose`);
  });

  test("other errors are not API errors", () => {
    for (const error of [new Error("x"), undefined, "403"]) {
      expect(isRefusal(error)).toBe(false);
      expect(mayHaveHappened(error)).toBe(false);
    }
  });
});
