/** Items to a page: the most that Datadog gives. */
export const pageSize = 100;

/** Pages that are asked for at a time. */
const together = 4;

/** How often a list that does not add up is asked for before it is taken as it is. */
const tries = 3;

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

/** @param ask for the page of that number, from 0 */
export async function listPages<T extends Item>(ask: (number: number) => Promise<Page<T>>): Promise<Pages<T>> {
  const first = await ask(0);
  const left = pagesAfter(first);
  return { first: first.items, left, all: async () => (left === 0 ? first.items : allItems(first, ask)) };
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
  first: Page<T>,
  ask: (number: number) => Promise<Page<T>>,
): Promise<readonly T[]> {
  let page = first;
  for (let attempt = 1; ; attempt += 1) {
    const pages = page.total === undefined ? await pagesUntilLast(page, ask) : await pagesOfTotal(page, ask);
    const items = byId(pages);
    const whole = pages.every(({ total }) => total === undefined || total === items.size);
    if (whole || attempt === tries) return [...items.values()];
    page = await ask(0);
  }
}

async function pagesOfTotal<T extends Item>(
  first: Page<T>,
  ask: (number: number) => Promise<Page<T>>,
): Promise<Page<T>[]> {
  const pages = [first];
  const last = pagesAfter(first);
  while (pages.length <= last) {
    const numbers = Array.from({ length: Math.min(together, last + 1 - pages.length) }, (_, n) => pages.length + n);
    pages.push(...(await Promise.all(numbers.map(ask))));
  }
  return pages;
}

/** The last page is not full, or it says nothing new: then it comes from a server that does not know of pages. */
async function pagesUntilLast<T extends Item>(
  first: Page<T>,
  ask: (number: number) => Promise<Page<T>>,
): Promise<Page<T>[]> {
  const pages = [first];
  for (let known = 0; pages.at(-1)?.items.length === pageSize && byId(pages).size > known;) {
    known = byId(pages).size;
    pages.push(await ask(pages.length));
  }
  return pages;
}

function byId<T extends Item>(pages: readonly Page<T>[]): Map<string, T> {
  return new Map(pages.flatMap(({ items }) => items.map((item) => [item.id, item] as const)));
}
