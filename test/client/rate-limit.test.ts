import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../provider/datadog/clock";
import { type Fault, type Sandbox, startSandbox } from "../../sandbox/index";
import { inParallel } from "./support/in-parallel";
import { startLimitingFront } from "./support/limiting-front";
import { ProviderProcess } from "./support/provider-process";
import { VirtualClock } from "./support/virtual-clock";

const fiveMinutes = 5 * 60_000;
const names = (count: number) => Array.from({ length: count }, (_, index) => `key ${index}`);

describe("a rate limit", () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => sandbox.close());

  function refusing(reset: string | undefined, times = 1): Fault {
    const headers = reset === undefined ? {} : { "x-ratelimit-reset": reset };
    return { kind: "rate-limit", headers, method: "POST", times };
  }

  test("of 60 requests a window lets 300 creates through in the shortest time, with at most one refusal a window", async () => {
    await using front = await startLimitingFront(sandbox, { requests: 60, seconds: 60 });
    const process = new ProviderProcess(sandbox, front);
    await inParallel(16, names(300), (name) => process.create({ name }));

    expect(sandbox.keys()).toHaveLength(300);
    expect(Math.max(0, ...front.refused.values())).toBeLessThanOrEqual(1);
    // 300 creates and one list.
    expect(front.clock.now()).toBeLessThanOrEqual(1.1 * Math.ceil(301 / 60) * 60_000);
  });

  test("is respected in real time too", async () => {
    await using limited = disposable(await startSandbox({ rateLimit: { requests: 20, seconds: 1 } }));
    const process = new ProviderProcess(limited.sandbox, { clock: systemClock });
    const started = performance.now();
    await inParallel(16, names(100), (name) => process.create({ name }));
    const windows = (performance.now() - started) / 1000 + 1;

    expect(limited.sandbox.keys()).toHaveLength(100);
    expect(limited.sandbox.requests({ status: 429 }).length).toBeLessThanOrEqual(windows);
  });

  test("that is used up when a run begins refuses one request, and all requests wait as long as it says", async () => {
    await using front = await startLimitingFront(sandbox, { requests: 5, seconds: 60 });
    const before = new ProviderProcess(sandbox, front);
    // With the list and the read of the current user, these are all five requests.
    for (const name of names(3)) await before.create({ name });
    const process = new ProviderProcess(sandbox, front);
    await inParallel(3, ["a", "b", "c"], (name) => process.create({ name }));

    expect([...front.refused.values()]).toEqual([1]);
    expect(process.printed).toEqual([
      "Datadog's rate limit (5 requests in 60 s) is reached: waiting 60 s (datadoghq.com)",
    ]);
  });

  test("makes all its other requests wait too", async () => {
    await using front = await startLimitingFront(sandbox, { requests: 10, seconds: 60, requestMs: 1 });
    const process = new ProviderProcess(sandbox, front);
    await inParallel(16, names(25), (name) => process.create({ name }));

    const arrivedIn = (window: number) => front.arrivals.filter((at) => Math.floor(at / 60_000) === window).length;
    expect([0, 1, 2].map((window) => arrivedIn(window) - (front.refused.get(window) ?? 0))).toEqual([10, 10, 7]);
    expect(Math.max(0, ...front.refused.values())).toBeLessThanOrEqual(1);
  });

  test("is reported once per wait, however many requests wait", async () => {
    await using front = await startLimitingFront(sandbox, { requests: 10, seconds: 60 });
    const process = new ProviderProcess(sandbox, front);
    await inParallel(16, names(25), (name) => process.create({ name }));

    expect(process.printed).toHaveLength(2);
    for (const line of process.printed) expect(line).toMatch(/is reached: waiting \d\d s \(datadoghq\.com\)$/);
  });

  test("is waited out exactly as long as Datadog says", async () => {
    sandbox.fail(refusing("42"));
    const clock = new VirtualClock();
    await new ProviderProcess(sandbox, { clock }).create({ name: "ci" });
    expect(clock.waits).toEqual([42_000]);
  });

  test("with a reset of 0 is not followed by a retry at once", async () => {
    sandbox.fail(refusing("0"));
    const clock = new VirtualClock();
    await new ProviderProcess(sandbox, { clock }).create({ name: "ci" });
    expect(clock.waits).toEqual([1000]);
  });

  test.each([undefined, "", "soon", "-5", "1e3", "NaN", "99999999999999999999"])(
    "with a reset of %s is waited out with growing waits",
    async (reset) => {
      sandbox.fail(refusing(reset, 5));
      const clock = new VirtualClock();
      await new ProviderProcess(sandbox, { clock }).create({ name: "ci" });
      expect(clock.waits).toHaveLength(5);
      expect(clock.waits[0]).toBe(1000);
      expect(clock.waits[4]).toBeGreaterThan(4000);
      expect(clock.now()).toBeLessThan(30_000);
    },
  );

  test("of more than five minutes is an error at once", async () => {
    sandbox.fail(refusing("301"));
    const clock = new VirtualClock();
    const process = new ProviderProcess(sandbox, { clock });
    await expect(process.create({ name: "ci" })).rejects.toThrow(
      /^429 creating application key "ci" .*longer than 5 minutes.*Run the command again later/,
    );
    expect(clock.waits).toEqual([]);
    expect(sandbox.keys()).toEqual([]);
  });

  test("that does not end is an error after five minutes", async () => {
    sandbox.fail(refusing("100", Infinity));
    const clock = new VirtualClock();
    const process = new ProviderProcess(sandbox, { clock });
    await expect(process.create({ name: "ci" })).rejects.toThrow("longer than 5 minutes");
    expect(clock.now()).toBeGreaterThan(fiveMinutes / 2);
    expect(clock.now()).toBeLessThanOrEqual(fiveMinutes);
    expect(sandbox.keys()).toEqual([]);
  });

  test("that does not end and has no headers is an error after five minutes too", async () => {
    sandbox.fail(refusing(undefined, Infinity));
    const clock = new VirtualClock();
    const process = new ProviderProcess(sandbox, { clock });
    await expect(process.create({ name: "ci" })).rejects.toThrow("longer than 5 minutes");
    expect(clock.now()).toBeLessThanOrEqual(fiveMinutes);
  });
});

function disposable(sandbox: Sandbox) {
  return { sandbox, [Symbol.asyncDispose]: () => sandbox.close() };
}
