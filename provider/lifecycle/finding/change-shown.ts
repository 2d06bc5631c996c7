import type { Clock } from "../../datadog/clock";
import { NotFoundError } from "../../datadog/errors";
import { readLagMs, secondLookMs } from "../../datadog/patience";

/**
 * Changes a key that Datadog shows, which may have been revoked some seconds ago. What is not found is looked for again
 * until Datadog does not show it either; its reads may be late, but not for ever.
 * @param shown where the key is, as far as Datadog shows
 * @param look where it is by an answer of that moment or later; undefined where it is gone
 * @returns undefined where the key is gone
 */
export async function changeShown<Place, Result>(
  clock: Clock,
  shown: Place | undefined,
  change: (place: Place) => Promise<Result>,
  look: (since: number) => Promise<Place | undefined>,
): Promise<Result | undefined> {
  const until = clock.now() + readLagMs;
  let place = shown;
  while (place !== undefined) {
    try {
      return await change(place);
    } catch (error) {
      if (!(error instanceof NotFoundError) || clock.now() >= until) throw error;
    }
    place = await look(clock.now() + secondLookMs);
  }
  return undefined;
}
