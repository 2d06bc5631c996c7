import { BlockList, isIP, isIPv4 } from "node:net";

/** A proxy, and the variable that names it. */
export interface Proxy {
  /** May hold a password: never show it. */
  readonly url: URL;
  readonly variable: string;
}

/** A variable whose value is not a proxy address. */
export class MalformedProxyError extends Error {
  override name = "MalformedProxyError";
  constructor(readonly variable: string) {
    super(`${variable} is not the address of a proxy`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

// curl and axios prefer the lower-case name.
const proxyVariables = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const exemptVariables = ["no_proxy", "NO_PROXY"];

/**
 * The environment's proxy for an https address, by the rules that curl and Go's net/http share, because the engine and
 * its other plugins use the same variables. No library follows these rules. Those for Node.js treat a proxy without a
 * scheme as https, or a domain in NO_PROXY as that host only.
 * @throws MalformedProxyError
 */
export function proxyFor(target: URL, env: Environment): Proxy | undefined {
  const variable = proxyVariables.find((name) => env[name]?.trim());
  if (variable === undefined || isExempt(target, env)) return undefined;
  return { url: parse(variable, env[variable] ?? ""), variable };
}

function parse(variable: string, value: string): URL {
  const text = value.trim();
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  try {
    const parsed = new URL(url);
    // A password character that is not percent-encoded has cut the address short.
    const isCut = url.includes("\\") || (parsed.pathname + parsed.search + parsed.hash).includes("@");
    // Throws if a percent sign is not percent-encoded.
    decodeURIComponent(parsed.username + parsed.password);
    if (/^(https?|socks[45]?|socks4a|socks5h):$/.test(parsed.protocol) && parsed.hostname && !isCut) return parsed;
  } catch {
    // The parser's error quotes the text, which may hold a password.
  }
  throw new MalformedProxyError(variable);
}

function isExempt(target: URL, env: Environment): boolean {
  const host = bare(target.hostname).replace(/\.$/, "");
  if (host === "localhost" || contains("127.0.0.0/8", host) || contains("::1/128", host)) return true;
  const list = exemptVariables.map((name) => env[name]?.trim()).find((value) => value) ?? "";
  const entries = list.toLowerCase().split(/[\s,]+/);
  return entries.filter((entry) => entry !== "").some((entry) => covers(entry, host, target.port || "443"));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return contains(entry, host);
  const [, name = entry, onlyPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  const address = bare(name);
  if (isIP(address)) return contains(`${address}/${isIPv4(address) ? 32 : 128}`, host);
  if (isIP(host)) return false;
  if (address.startsWith("*.")) return host.endsWith(address.slice(1));
  const domain = address.replace(/^\./, "").replace(/\.$/, "");
  return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
}

/** Whether a network such as 10.0.0.0/8 contains that host, which may also be a name. */
function contains(network: string, host: string): boolean {
  const [address = "", prefix = ""] = network.split("/");
  const family = (text: string) => (isIPv4(text) ? "ipv4" : "ipv6");
  if (!isIP(host) || !isIP(bare(address)) || !/^\d+$/.test(prefix)) return false;
  if (Number(prefix) > (isIPv4(address) ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(bare(address), Number(prefix), family(bare(address)));
  return list.check(host, family(host));
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
