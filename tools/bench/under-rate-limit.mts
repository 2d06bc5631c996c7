import type { Column } from "./columns.mts";
import { Life } from "./life.mts";
import type { Workplace } from "./workplace.mts";

export interface UnderRateLimit {
  keys: number;
  requests: number;
  windowSeconds: number;
  seconds: number;
  /** The highest number of refused requests in one window. */
  refusedInAWindow: number;
}

/** Creates more keys than Datadog's rate limit allows at once. */
export async function underRateLimit(
  workplace: Workplace,
  column: Column,
  { keys, requests, windowSeconds }: Pick<UnderRateLimit, "keys" | "requests" | "windowSeconds">,
): Promise<UnderRateLimit> {
  const sandbox = { rateLimit: { requests, seconds: windowSeconds } };
  await using life = await Life.begin(workplace, { column, keys, sandbox });
  const { seconds } = await life.step("up");
  const refused = life.sandbox.requests({ status: 429 }).map(({ at }) => at);
  return { keys, requests, windowSeconds, seconds, refusedInAWindow: mostWithin(refused, windowSeconds * 1000) };
}

/** The largest number of moments in any span of that length, because the server's windows may begin at any time. */
function mostWithin(moments: readonly number[], span: number): number {
  const counts = moments.map((first) => moments.filter((at) => at >= first && at < first + span).length);
  return Math.max(0, ...counts);
}
