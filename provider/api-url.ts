import { apiOfWebHost } from "./datadog/site-names";

/** What is wrong with an API address, if anything. Does not quote the address, which may hold a password. */
export function unfitForApi(text: string): string | undefined {
  if (!URL.canParse(text)) return "is not a URL: write it as https://host, or http://127.0.0.1:8126 for the sandbox";
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return "must begin with https:// (or http:// on a loopback address)";
  if (url.username || url.password) return "must not hold a user name or a password";
  const api = apiOfWebHost(url.hostname);
  if (api !== undefined)
    return (
      `is the address of Datadog's web pages (${url.hostname}); that of the API is ${api}. ` +
      "Give that, or leave it out: the site is enough"
    );
  if (url.search || url.hash) return "must not hold a query or a fragment";
  if (url.protocol === "http:" && !isLoopback(url.hostname))
    return (
      `is plain http to ${url.hostname}: credentials would travel in the clear. ` +
      "Use https://; http:// is for loopback addresses only"
    );
  return undefined;
}

/** The address that paths are appended to. Removes `/api`, because every path begins with it and people include it. */
export function baseOf(text: string): string {
  const { origin, pathname } = new URL(text);
  return origin + pathname.replace(/\/+$/, "").replace(/\/+api(\/+v[12])?$/, "");
}

function isLoopback(hostname: string): boolean {
  // The URL parser has already converted every spelling of an IPv4 address to four decimal numbers.
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
