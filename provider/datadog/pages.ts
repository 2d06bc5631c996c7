import { type Doing, InvalidAnswerError } from "./errors";

/** Items per page, the maximum that Datadog allows. */
export const pageSize = 100;

/** Pages requested at a time. */
const together = 4;

/** How often to fetch a list whose total is inconsistent before it is accepted. */
const tries = 3;

/** A list with more pages than this (100,000 keys) counts as endless. */
const mostPages = 1000;

interface Item {
  readonly id: string;
}

/** One page of a list, as Datadog answers it. */
export interface Page<T extends Item> {
  readonly items: readonly T[];
  /** Items in the whole list. Undefined if Datadog does not say. */
  readonly total: number | undefined;
}

/** A list whose first page has been fetched. */
export interface Pages<T extends Item> {
  readonly first: readonly T[];
  /** Pages still to fetch. At least one if Datadog does not give a total. */
  readonly left: number;
  /** Fetches the remaining pages. */
  all(): Promise<readonly T[]>;
}

/** A list in a single answer, as v1's is. */
export function onePage<T extends Item>(items: readonly T[]): Pages<T> {
  return { first: items, left: 0, all: () => Promise.resolve(items) };
}

/** The query parameters for that page, counted from 0. */
export function pageQuery(number: number): Record<string, string> {
  return { "page[size]": String(pageSize), "page[number]": String(number) };
}

/**
 * @param doing what is listed, for messages
 * @param ask for the page of that number, from 0
 * @throws InvalidAnswerError from `all` where the list never ends or is not what its total says
 */
export async function listPages<T extends Item>(
  doing: Doing,
  ask: (number: number) => Promise<Page<T>>,
): Promise<Pages<T>> {
  const first = await ask(0);
  const left = pagesAfter(first);
  const isWhole = left === 0 && (first.total ?? first.items.length) === first.items.length;
  return { first: first.items, left, all: async () => (isWhole ? first.items : allItems(doing, first, ask)) };
}

function pagesAfter({ items, total }: Page<Item>): number {
  if (total === undefined) return items.length === pageSize ? 1 : 0;
  return items.length === 0 ? 0 : Math.ceil(total / items.length) - 1;
}

/**
 * Pages are offsets. When keys are revoked meanwhile, later keys move up, and one may slip from a page that is not
 * fetched yet into one that is. The list is therefore compared with its own total.
 */
async function allItems<T extends Item>(
  doing: Doing,
  first: Page<T>,
  ask: (number: number) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const fail = (words: string) => new InvalidAnswerError({ doing, status: "2xx", words });
  let page = first;
  for (let attempt = 1; ; attempt += 1) {
    const pages = await pagesUntilLast(page, ask);
    if (!pages) throw fail(`the list has not ended after ${mostPages} pages`);
    const items = byId(pages);
    const totals = new Set(pages.map(({ total }) => total ?? items.size));
    if (totals.size === 1 && totals.has(items.size)) return [...items.values()];
    if (attempt === tries) {
      // Different totals mean that the list keeps changing. Then none of its pages is wrong.
      if (totals.size > 1) return [...items.values()];
      throw fail(`the list has ${items.size} items, and its total says ${[...totals].join()}`);
    }
    page = await ask(0);
  }
}

/**
 * The last page is not full or has no new items. In the second case the server ignores page numbers. The total may be
 * wrong, so it only decides how many pages to request at a time.
 * @returns undefined where there is no end
 */
async function pagesUntilLast<T extends Item>(
  first: Page<T>,
  ask: (number: number) => Promise<Page<T>>,
): Promise<Page<T>[] | undefined> {
  const pages = [first];
  const last = pagesAfter(first);
  const known = new Set(first.items.map(({ id }) => id));
  for (let isNew = true; isNew && pages.length <= mostPages;) {
    const isLast = first.total === undefined ? pages.at(-1)?.items.length !== first.items.length : pages.length > last;
    if (isLast) return pages;
    const count = first.total === undefined ? 1 : Math.min(together, last + 1 - pages.length);
    const next = await Promise.all(Array.from({ length: count }, (_, n) => ask(pages.length + n)));
    pages.push(...next);
    const before = known.size;
    for (const { id } of next.flatMap(({ items }) => items)) known.add(id);
    isNew = known.size > before && next.every(({ items }) => items.length > 0);
  }
  return pages.length > mostPages ? undefined : pages;
}

function byId<T extends Item>(pages: readonly Page<T>[]): Map<string, T> {
  return new Map(pages.flatMap(({ items }) => items.map((item) => [item.id, item] as const)));
}
