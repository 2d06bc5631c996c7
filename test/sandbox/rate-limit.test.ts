import { describe, expect, test } from "vitest";
import { RateLimiter } from "../../sandbox/rate-limit";
import { start } from "./support/start";

const v1 = "/api/v1/application_key";

function limitHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.startsWith("x-ratelimit-")));
}

describe("the rate limit", () => {
  test("shows in each answer what is left, and answers 429 over the limit", async () => {
    const { sandbox, call } = await start({ now: () => 0, rateLimit: { requests: 2, seconds: 3600 } });
    const post = (name: string) => call("POST", v1, { body: { name } });
    const first = await post("a");
    expect(limitHeaders(first.headers)).toEqual({
      "x-ratelimit-limit": "2",
      "x-ratelimit-period": "3600",
      "x-ratelimit-remaining": "1",
      "x-ratelimit-reset": "3600",
      "x-ratelimit-name": "v1_application_keys_write",
    });
    expect((await post("b")).headers.get("x-ratelimit-remaining")).toBe("0");
    const refused = await post("c");
    expect(refused).toMatchObject({
      status: 429,
      json: { errors: [expect.stringContaining("Rate limit of") as string] },
    });
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(sandbox.keys()).toHaveLength(2);
  });

  test("counts reads and writes, and v1 and v2, separately", async () => {
    const { call } = await start({ rateLimit: { requests: 1, seconds: 3600 } });
    expect((await call("POST", v1, { body: { name: "a" } })).status).toBe(200);
    expect((await call("GET", v1)).status).toBe(200);
    expect((await call("GET", "/api/v2/current_user/application_keys")).status).toBe(200);
    expect((await call("GET", "/api/v2/application_keys")).status).toBe(429);
  });

  test("counts other refusals too, and they have the headers", async () => {
    const { call } = await start({ rateLimit: { requests: 1, seconds: 3600 } });
    const bad = await call("POST", v1, { body: { name: "" } });
    expect(bad.status).toBe(400);
    expect(bad.headers.get("x-ratelimit-remaining")).toBe("0");
    expect((await call("POST", v1, { body: { name: "a" } })).status).toBe(429);
  });

  test("sends no headers if there is no limit", async () => {
    const { call } = await start();
    expect(limitHeaders((await call("GET", v1)).headers)).toEqual({});
  });

  test("has fixed windows from the start, and rounds the reset up to whole seconds", () => {
    let now = 5_000;
    const limiter = new RateLimiter({ requests: 1, seconds: 10 }, () => now);
    const reset = (verdict: ReturnType<RateLimiter["take"]>) => verdict.headers["x-ratelimit-reset"];
    now += 8_500;
    const first = limiter.take("x");
    expect([first.refused, reset(first)]).toEqual([false, "2"]);
    expect(limiter.take("x").refused).toBe(true);
    expect(limiter.take("y").refused).toBe(false);
    now += 1_500;
    const next = limiter.take("x");
    expect([next.refused, reset(next)]).toEqual([false, "10"]);
  });
});
