import { type Doing, InvalidAnswerError } from "./errors";

/** Items to a page: the most that Datadog gives. */
export const pageSize = 100;

/** Pages that are asked for at a time. */
const together = 4;

/** How often a list that does not add up is asked for before it is taken as it is. */
const tries = 3;

/** Pages of a list that is taken to have no end: 100,000 keys. */
const mostPages = 1000;

interface Item {
  readonly id: string;
}

/** One page of a list, as Datadog answers it. */
export interface Page<T extends Item> {
  readonly items: readonly T[];
  /** Items of the whole list; undefined where Datadog does not tell. */
  readonly total: number | undefined;
}

/** A list whose first page is there. */
export interface Pages<T extends Item> {
  readonly first: readonly T[];
  /** Pages that are still to be fetched; at least one where Datadog does not tell. */
  readonly left: number;
  /** Fetches what is left. */
  all(): Promise<readonly T[]>;
}

/** A list that is one answer, as v1's is. */
export function onePage<T extends Item>(items: readonly T[]): Pages<T> {
  return { first: items, left: 0, all: () => Promise.resolve(items) };
}

/** The part of a request's query that asks for the page of that number, from 0. */
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
 * Pages are offsets: when keys are revoked meanwhile, those behind them move up, and one may slip from a page still to
 * come into one already fetched. So the list is held against its own total.
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
      // Totals that differ come from a list that changes all the time, and then none of its pages is wrong.
      if (totals.size > 1) return [...items.values()];
      throw fail(`the list has ${items.size} items, and its total says ${[...totals].join()}`);
    }
    page = await ask(0);
  }
}

/**
 * The last page is not full, or it says nothing new: then it comes from a server that does not know of pages. The total
 * only says how many pages may be asked for at a time, because it may be wrong.
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
