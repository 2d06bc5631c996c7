import type { Result } from "./race.mts";
import type { Step } from "./steps.mts";

/** Requests by method and route. */
type Requests = Readonly<Record<string, number>>;

const v1 = { list: "/api/v1/application_key", one: "/api/v1/application_key/{hash}" };
const v2 = {
  list: "/api/v2/current_user/application_keys",
  one: "/api/v2/current_user/application_keys/{app_key_id}",
};
const PAGE = 100;

/** Whether a step sent exactly the allowed requests. */
export function expectedRequests({ keys, step, column, requests }: Result): boolean {
  return isSame(requests, column.endsWith("v1") ? throughV1(step, keys) : throughV2(step, keys));
}

function throughV1(step: Step, keys: number): Requests {
  switch (step) {
    case "up":
      return { [`GET ${v1.list}`]: 1, "GET /api/v2/current_user": 1, [`POST ${v1.list}`]: keys };
    case "refresh":
      return { [`GET ${v1.list}`]: 1 };
    case "rename":
      return { [`PUT ${v1.one}`]: keys };
    case "destroy":
      return { [`DELETE ${v1.one}`]: keys };
    case "preview":
    case "up again":
      return {};
  }
}

function throughV2(step: Step, keys: number): Requests {
  switch (step) {
    case "up":
      return { [`GET ${v2.list}`]: 1, "GET /api/v2/current_user": 1, [`POST ${v2.list}`]: keys };
    case "refresh":
      // The first key is read on its own, because only the second one shows that there are several.
      return { [`GET ${v2.one}`]: 1, ...(keys > 1 && { [`GET ${v2.list}`]: Math.ceil(keys / PAGE) }) };
    case "rename":
      return { [`PATCH ${v2.one}`]: keys };
    case "destroy":
      return { [`DELETE ${v2.one}`]: keys };
    case "preview":
    case "up again":
      return {};
  }
}

function isSame(one: Requests, other: Requests): boolean {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...kinds].every((kind) => one[kind] === other[kind]);
}
