import { describe, expect, test } from "vitest";
import { type LimitHeaders, RateLimits, readLimitHeaders } from "../../provider/datadog/rate-limit";
import { VirtualClock } from "../client/support/virtual-clock";

const minutes5 = 5 * 60_000;
const headers = (remaining: number, reset: number, name = "keys"): LimitHeaders =>
  readLimitHeaders({
    "x-ratelimit-name": name,
    "x-ratelimit-limit": "2",
    "x-ratelimit-period": "10",
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": String(reset),
  });

function limits() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const all = new RateLimits(clock, (line) => told.push(line));
  const pass = async (route = "POST /keys", patienceMs = minutes5) => {
    const given = await all.pass(route, patienceMs);
    if (!given) throw new Error("no pass");
    return given;
  };
  return { clock, told, all, pass };
}

describe("the headers of a limit", () => {
  test("are read as Datadog sends them", () => {
    expect(headers(1, 7)).toEqual({ name: "keys", limit: 2, periodMs: 10_000, remaining: 1, resetMs: 7000 });
  });

  test.each(["", "soon", "-1", "1.5", "1e3", "0x10", "Infinity", "9999999999", " 1"])(
    "are ignored with the value %j",
    (text) => {
      expect(readLimitHeaders({ "x-ratelimit-reset": text, "x-ratelimit-remaining": text })).toMatchObject({
        resetMs: undefined,
        remaining: undefined,
      });
    },
  );
});

describe("a rate limit", () => {
  test("sends one request first, and the others once it knows the remaining number", async () => {
    const { clock, pass } = limits();
    const scout = await pass();
    const others = [pass(), pass()];
    let passed = 0;
    for (const other of others) void other.then(() => (passed += 1));
    await new Promise(setImmediate);
    expect(passed).toBe(0);
    scout.answered(headers(1, 7), false);
    await others[0];
    expect(passed).toBe(1);
    await others[1];
    // The last request had to wait for the next window.
    expect(clock.now()).toBe(7000);
  });

  test("is waited out for as long as it says, and reported once", async () => {
    const { clock, told, pass } = limits();
    (await pass()).answered(headers(0, 30), true);
    await pass();
    expect(clock.now()).toBe(30_000);
    expect(told).toEqual(["Datadog's rate limit (2 requests in 10 s) is reached: waiting 30 s"]);
  });

  test("without a reset is waited out with a backoff of at least a second", async () => {
    const { clock, pass } = limits();
    const ends: number[] = [];
    for (let refused = 0; refused < 5; refused += 1) {
      (await pass()).answered(readLimitHeaders({ "x-ratelimit-reset": "soon" }), true);
      ends.push(clock.now());
    }
    expect(ends).toEqual([0, 1000, 2000, 3500, 6500]);
  });

  test("longer than the maximum wait is not waited out", async () => {
    const { all, clock, pass } = limits();
    (await pass()).answered(headers(0, 301), true);
    expect(await all.pass("POST /keys", minutes5)).toBeUndefined();
    expect(clock.now()).toBe(0);
  });

  test("counts for all routes with its name, and for no others", async () => {
    const { clock, pass } = limits();
    (await pass("GET /keys")).answered(headers(2, 10), false);
    (await pass("POST /keys")).answered(headers(0, 10), false);
    await pass("GET /users");
    expect(clock.now()).toBe(0);
    await pass("GET /keys");
    expect(clock.now()).toBe(10_000);
  });

  test("without headers delays no request", async () => {
    const { clock, pass } = limits();
    (await pass()).answered(readLimitHeaders({}), false);
    await Promise.all(Array.from({ length: 100 }, () => pass()));
    expect(clock.waits).toEqual([]);
  });

  test("is not blocked forever by a request without an answer", async () => {
    const { clock, pass } = limits();
    (await pass()).answered(undefined, false);
    await pass();
    expect(clock.waits).toEqual([]);
  });
});
