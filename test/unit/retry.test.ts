import { describe, expect, test } from "vitest";
import {
  ConflictError,
  InvalidAnswerError,
  NotFoundError,
  UnansweredError,
  UnreachableError,
} from "../../provider/datadog/errors";
import { backoff, retryDelay } from "../../provider/datadog/retry";

const facts = { doing: { verb: "creating", subject: "a key", site: "datadoghq.com" }, status: "503", words: "no" };
const unanswered = new UnansweredError(facts);
const unreached = new UnreachableError(facts, "noConnection");
const half = () => 0.5;

describe("a request", () => {
  test.each(["GET", "PUT", "PATCH", "DELETE"])("of %s without an answer is sent at most four times", (method) => {
    expect([1, 2, 3, 4].map((attempt) => retryDelay(unanswered, method, attempt, half))).toEqual([
      375,
      750,
      1500,
      undefined,
    ]);
  });

  test("of POST without an answer is not sent again, because it may have created a key", () => {
    expect(retryDelay(unanswered, "POST", 1, half)).toBeUndefined();
  });

  test.each(["GET", "POST", "DELETE"])("of %s that certainly never arrived is sent again", (method) => {
    expect(retryDelay(unreached, method, 1, half)).toBe(375);
    expect(retryDelay(unreached, method, 4, half)).toBeUndefined();
  });

  test("is not sent again if that cannot help", () => {
    const answered = [
      new UnreachableError(facts, "unknownAuthority"),
      new InvalidAnswerError(facts),
      new NotFoundError(facts, true),
      new ConflictError(facts),
      new Error("a bug"),
    ];
    for (const error of answered) expect(retryDelay(error, "GET", 1, half)).toBeUndefined();
  });

  test("waits longer each time, up to eight seconds, and half of each wait is random", () => {
    const range = (attempt: number) => [backoff(attempt, () => 0), backoff(attempt, () => 1)];
    expect([1, 2, 3, 4, 5, 6].map(range)).toEqual([
      [250, 500],
      [500, 1000],
      [1000, 2000],
      [2000, 4000],
      [4000, 8000],
      [4000, 8000],
    ]);
  });
});
