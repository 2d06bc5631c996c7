import { badRequest } from "./refusal";
import type { SandboxKey } from "./types";

const sortFields = { name: "name", created_at: "createdAt", last4: "last4" } as const;

/** The page of a list that a query asks for, as Datadog's reference describes it. */
export function selectPage(keys: SandboxKey[], query: URLSearchParams): { page: SandboxKey[]; total: number } {
  const { start, end } = windowOf(query);
  const found = keys.filter(matches(query)).sort(order(query.get("sort") ?? "name"));
  return { page: found.slice(start, end), total: found.length };
}

/** The start and the end of the requested page. */
export function windowOf(query: URLSearchParams): { start: number; end: number } {
  const size = wholeNumber(query, "page[size]", 10);
  const number = wholeNumber(query, "page[number]", 0);
  if (size < 1 || size > 100) throw badRequest("page[size] must be from 1 to 100");
  return { start: number * size, end: (number + 1) * size };
}

function matches(query: URLSearchParams): (key: SandboxKey) => boolean {
  const text = (query.get("filter") ?? "").toLowerCase();
  const start = instant(query, "filter[created_at][start]");
  const end = instant(query, "filter[created_at][end]");
  const owner = query.get("filter[owned_by]");
  return (key) =>
    (text === "" || key.name.toLowerCase().includes(text) || key.last4.toLowerCase().includes(text)) &&
    (start === undefined || Date.parse(key.createdAt) >= start) &&
    (end === undefined || Date.parse(key.createdAt) <= end) &&
    (owner === null || key.ownerId === owner);
}

function order(sort: string): (a: SandboxKey, b: SandboxKey) => number {
  const descending = sort.startsWith("-");
  const name = descending ? sort.slice(1) : sort;
  if (!isSortField(name))
    throw badRequest(`sort must be one of ${Object.keys(sortFields).join(", ")}, with or without -`);
  const field = sortFields[name];
  const sign = descending ? -1 : 1;
  // Equal values need an order too. Otherwise a key could be on two pages and another on none.
  return (a, b) => sign * compare(a[field], b[field]) || compare(a.id, b.id);
}

function isSortField(name: string): name is keyof typeof sortFields {
  return Object.hasOwn(sortFields, name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function wholeNumber(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw badRequest(`${name} must be a whole number`);
  return Number(text);
}

function instant(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw badRequest(`${name} must be a date and time`);
  return time;
}
