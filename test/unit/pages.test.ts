import { describe, expect, test } from "vitest";
import { InvalidAnswerError } from "../../provider/datadog/errors";
import { type Page, listPages, pageSize } from "../../provider/datadog/pages";

const doing = { verb: "listing", subject: "the application keys", site: "datadoghq.com" };

interface Item {
  readonly id: string;
}

const items = (count: number, first = 0): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(first + index) }));

/** A server that answers with the given pages. It fails if it gets more requests than allowed. */
function server(answer: (number: number) => Page<Item>, most: number) {
  const asked: number[] = [];
  const ask = (number: number) => {
    if (asked.push(number) > most) throw new Error(`asked for ${asked.join(", ")}`);
    return Promise.resolve(answer(number));
  };
  return { asked, ask };
}

test("a list without a total is read until a page is not full", async () => {
  const lengths = [pageSize, pageSize, 3];
  const { ask, asked } = server(
    (number) => ({ items: items(lengths[number] ?? 0, number * pageSize), total: undefined }),
    lengths.length,
  );
  const pages = await listPages(doing, ask);
  expect(await pages.all()).toHaveLength(2 * pageSize + 3);
  expect(asked).toEqual([0, 1, 2]);
});

test("a server without pages and totals gets one more request", async () => {
  const { ask, asked } = server(() => ({ items: items(pageSize), total: undefined }), 2);
  const pages = await listPages(doing, ask);
  expect(await pages.all()).toEqual(items(pageSize));
  expect(asked).toEqual([0, 1]);
});

test("a list that does not match its total is read again", async () => {
  let answers = 0;
  const { ask } = server((number) => {
    answers += 1;
    // During the first round, a key of the first page is revoked, and the keys behind it move up.
    const missed = number === 1 && answers === 2 ? 1 : 0;
    return { items: items(number === 0 ? pageSize : 5 - missed, number * pageSize + missed), total: pageSize + 5 };
  }, 4);
  const pages = await listPages(doing, ask);
  expect(await pages.all()).toHaveLength(pageSize + 5);
});

describe("a list is an error after a bounded number of requests", () => {
  /** Pages of 100 items each, up to a number of items. */
  const upTo = (count: number, total: number | undefined) => (number: number) => ({
    items: items(Math.max(0, Math.min(pageSize, count - number * pageSize)), number * pageSize),
    total,
  });
  const outcome = async (answer: (number: number) => Page<Item>, most: number) => {
    const { ask, asked } = server(answer, most);
    const pages = await listPages(doing, ask);
    const error: unknown = await pages.all().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidAnswerError);
    return { message: (error as Error).message, requests: asked.length };
  };

  test.each([
    [150, 100_000, 20],
    [150, 151, 20],
    [1_000, 1_000_000_000, 60],
    [3, 4, 6],
    [0, 7, 3],
    [100, 1, 3],
  ])("if it has %i items and a total of %i", async (count, total, most) => {
    const { message, requests } = await outcome(upTo(count, total), most);
    expect(message).toContain(`the list has ${count} items, and its total says ${total}.`);
    expect(requests).toBeLessThanOrEqual(most);
  });

  test.each([undefined, 1_000_000_000])("if it never ends, with the total %s", async (total) => {
    const { message, requests } = await outcome(upTo(Infinity, total), 1_010);
    expect(message).toContain(
      "2xx listing the application keys on datadoghq.com: the list has not ended after 1000 pages.",
    );
    expect(requests).toBeGreaterThan(900);
  });

  test("if every page is the first one, although the total is greater", async () => {
    const { message } = await outcome(() => ({ items: items(pageSize), total: 5 * pageSize }), 20);
    expect(message).toContain("the list has 100 items, and its total says 500.");
  });
});

test("a list that keeps changing is accepted as it is", async () => {
  let total = 250;
  const { ask } = server(
    (number) => ({ items: items(number < 2 ? pageSize : 50, number * pageSize), total: (total += 1) }),
    20,
  );
  expect(await (await listPages(doing, ask)).all()).toHaveLength(250);
});
