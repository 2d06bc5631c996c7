import type { KeyRecord } from "./keys";

/** Keys to a page: the most that Datadog gives. */
export const pageSize = 100;

/** Pages that are asked for at a time. */
const together = 4;

/** How often a list that does not add up is asked for before it is taken as it is. */
const tries = 3;

/** One page of a list, as Datadog answers it. */
export interface KeyPage {
  readonly keys: readonly KeyRecord[];
  /** Keys of the whole list; undefined where Datadog does not tell. */
  readonly total: number | undefined;
}

/** A list whose first page is there. */
export interface KeyPages {
  readonly first: readonly KeyRecord[];
  /** Pages that are still to be fetched; at least one where Datadog does not tell. */
  readonly left: number;
  /** Fetches what is left. */
  all(): Promise<readonly KeyRecord[]>;
}

/** A list that is one answer, as v1's is. */
export function onePage(keys: readonly KeyRecord[]): KeyPages {
  return { first: keys, left: 0, all: () => Promise.resolve(keys) };
}

/** @param ask for the page of that number, from 0 */
export async function listKeys(ask: (number: number) => Promise<KeyPage>): Promise<KeyPages> {
  const first = await ask(0);
  const left = pagesAfter(first);
  return { first: first.keys, left, all: async () => (left === 0 ? first.keys : allKeys(first, ask)) };
}

function pagesAfter({ keys, total }: KeyPage): number {
  if (total === undefined) return keys.length === pageSize ? 1 : 0;
  return keys.length === 0 ? 0 : Math.ceil(total / keys.length) - 1;
}

/**
 * Pages are offsets: when keys are revoked meanwhile, those behind them move up, and one may slip from a page still to
 * come into one already fetched. So the list is held against its own total.
 */
async function allKeys(first: KeyPage, ask: (number: number) => Promise<KeyPage>): Promise<readonly KeyRecord[]> {
  let page = first;
  for (let attempt = 1; ; attempt += 1) {
    const pages = await allPages(page, ask);
    const keys = new Map(pages.flatMap((one) => one.keys.map((key) => [key.id, key] as const)));
    const whole = pages.every(({ total }) => total === undefined || total === keys.size);
    if (whole || attempt === tries) return [...keys.values()];
    page = await ask(0);
  }
}

async function allPages(first: KeyPage, ask: (number: number) => Promise<KeyPage>): Promise<KeyPage[]> {
  const pages = [first];
  if (first.total === undefined) {
    while (pages.at(-1)?.keys.length === pageSize) pages.push(await ask(pages.length));
    return pages;
  }
  const last = pagesAfter(first);
  while (pages.length <= last) {
    const numbers = Array.from({ length: Math.min(together, last + 1 - pages.length) }, (_, n) => pages.length + n);
    pages.push(...(await Promise.all(numbers.map(ask))));
  }
  return pages;
}
