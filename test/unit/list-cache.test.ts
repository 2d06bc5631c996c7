import { expect, test } from "vitest";
import { ListCache } from "../../provider/lifecycle/observing/list-cache";
import { VirtualClock } from "../client/support/virtual-clock";

/** A list whose answers come when the test says so. */
function slowList() {
  const clock = new VirtualClock();
  const answers: ((names: string[]) => void)[] = [];
  const cache = new ListCache(clock, async () => {
    const names = await new Promise<string[]>((answer) => answers.push(answer));
    return names.map((name) => ({ id: name, name }));
  });
  const answer = async (names: string[]) => {
    await expect.poll(() => answers.length).toBeGreaterThan(0);
    answers.shift()?.(names);
  };
  return { clock, cache, answer, pending: () => answers.length };
}

test("a caller does not get a look that was requested before its moment", async () => {
  const { clock, cache, answer, pending } = slowList();
  const early = cache.since(clock.now());
  await expect.poll(pending).toBe(1);
  clock.advance(1000);
  const late = cache.since(clock.now());
  await answer(["old"]);
  expect([...(await early).keys.keys()]).toEqual(["old"]);
  await answer(["new"]);
  expect([...(await late).keys.keys()]).toEqual(["new"]);
});

test.each([1, 2, 3, 4, 5, 6])("nor if it calls %i ticks after the answer to that one", async (ticks) => {
  const { clock, cache, answer } = slowList();
  const early = cache.since(-1);
  clock.advance(100);
  await answer(["old"]);
  for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
  const late = cache.since(50);
  await answer(["new"]);
  expect((await late).askedAt).toBe(100);
  await early;
});

test("callers that wait for one look share one request", async () => {
  const { clock, cache, answer, pending } = slowList();
  const moment = clock.now() + 5000;
  const looks = [cache.since(moment), cache.since(moment), cache.since(moment - 1000)];
  await expect.poll(pending).toBe(1);
  await answer(["one"]);
  expect(new Set(await Promise.all(looks)).size).toBe(1);
  expect(clock.now()).toBe(5000);
});

test("the first look does not wait for a later one", async () => {
  const { clock, cache, answer } = slowList();
  const first = cache.first();
  await answer(["first"]);
  expect((await first).askedAt).toBe(0);
  clock.advance(9000);
  expect(await cache.first()).toBe(await first);
});
