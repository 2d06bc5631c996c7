import { expect, test } from "vitest";
import { type Page, listPages, pageSize } from "../../provider/datadog/pages";

interface Item {
  readonly id: string;
}

const items = (count: number, first = 0): Item[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(first + index) }));

/** A server that answers with what is given for each page; asked for more pages than it should be, it says so. */
function server(answer: (number: number) => Page<Item>, most: number) {
  const asked: number[] = [];
  const ask = (number: number) => {
    if (asked.push(number) > most) throw new Error(`asked for ${asked.join(", ")}`);
    return Promise.resolve(answer(number));
  };
  return { asked, ask };
}

test("a list whose total is not told is asked for until a page is not full", async () => {
  const lengths = [pageSize, pageSize, 3];
  const { ask, asked } = server(
    (number) => ({ items: items(lengths[number] ?? 0, number * pageSize), total: undefined }),
    lengths.length,
  );
  const pages = await listPages(ask);
  expect(await pages.all()).toHaveLength(2 * pageSize + 3);
  expect(asked).toEqual([0, 1, 2]);
});

test("a server that knows of no pages and tells no total is asked for one page more", async () => {
  const { ask, asked } = server(() => ({ items: items(pageSize), total: undefined }), 2);
  const pages = await listPages(ask);
  expect(await pages.all()).toEqual(items(pageSize));
  expect(asked).toEqual([0, 1]);
});

test("a list that does not add up to its total is asked for again", async () => {
  let answers = 0;
  const { ask } = server((number) => {
    answers += 1;
    // While the first round is under way, a key of the first page is revoked, and the ones behind it move up.
    const missed = number === 1 && answers === 2 ? 1 : 0;
    return { items: items(number === 0 ? pageSize : 5 - missed, number * pageSize + missed), total: pageSize + 5 };
  }, 4);
  const pages = await listPages(ask);
  expect(await pages.all()).toHaveLength(pageSize + 5);
});
