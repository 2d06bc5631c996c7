import type { Clock } from "./clock";
import type { ApiRequest } from "./api-request";
import { DatadogError } from "./errors";
import type { Answer } from "./http";
import { readLimitHeaders } from "./rate-limit";
import { redact } from "./redact";

/** Shows a line. */
export type Tell = (line: string) => void;

/** The variable that turns the log on. */
export const logVariable = "DATADOG_APPLICATION_KEY_LOG";

/** How to show requests, if the variable's value asks for it. */
export function requestLog(value: string | undefined, tell: Tell): Tell | undefined {
  const wanted = value?.trim();
  if (!wanted) return undefined;
  if (wanted === "requests") return tell;
  tell(`${logVariable} knows the value "requests" only, which shows each request to Datadog`);
  return undefined;
}

/**
 * Sends a request and shows it as one line: method, route, status, milliseconds, and what is left of the rate limit.
 * The line contains no part of a key. It has no header and no body, and of the path only fixed words and ids.
 */
export async function logged(
  log: Tell | undefined,
  clock: Clock,
  request: ApiRequest,
  send: () => Promise<Answer>,
): Promise<Answer> {
  if (!log) return send();
  const sent = clock.now();
  const show = (outcome: string, rest = "") => {
    log(`${request.method} ${shownRoute(request)} ${outcome} in ${Math.round(clock.now() - sent)} ms${rest}`);
  };
  try {
    const answer = await send();
    show(String(answer.status), limitIn(answer));
    return answer;
  } catch (error) {
    show(error instanceof DatadogError ? error.status : "failed");
    throw error;
  }
}

/** v1's paths contain the key itself. */
function shownRoute({ route, params = {}, query = {} }: ApiRequest): string {
  const path = route.replace(/\{(\w+)\}/g, (template, name: string) => {
    const value = params[name] ?? "";
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : template;
  });
  const search = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return redact([path, ...(search.length > 0 ? [search.join("&")] : [])].join("?"), []);
}

function limitIn(answer: Answer): string {
  const { remaining, limit, resetMs } = readLimitHeaders(answer.headers);
  if (remaining === undefined) return "";
  return (
    `, ${remaining}${limit === undefined ? "" : ` of ${limit}`} left` +
    (resetMs === undefined ? "" : ` for ${resetMs / 1000} s`)
  );
}
