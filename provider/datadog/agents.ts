import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { type Proxy, proxyFor } from "./proxy";

/** How requests leave this machine. */
export interface WayOut {
  readonly agent: HttpAgent;
  readonly proxy: Proxy | undefined;
}

// One pool for the whole process, so that a thousand keys need only a handful of TLS handshakes.
const plain = new HttpAgent({ keepAlive: true });
const direct = new HttpsAgent({ keepAlive: true });
const tunnels = new Map<string, Promise<HttpAgent>>();

/** @throws MalformedProxyError */
export async function wayOutTo(target: URL): Promise<WayOut> {
  // Plain http is allowed only on loopback (see settings.ts). A proxy would see the credentials.
  if (target.protocol === "http:") return { agent: plain, proxy: undefined };
  const proxy = proxyFor(target, process.env);
  if (!proxy) return { agent: direct, proxy };
  const { href } = proxy.url;
  const tunnel = tunnels.get(href) ?? tunnelThrough(proxy);
  tunnels.set(href, tunnel);
  return { agent: await tunnel, proxy };
}

/**
 * Loaded only if there is a proxy. @pulumi/pulumi depends on both packages too, so they add nothing to an installation.
 */
async function tunnelThrough({ url }: Proxy): Promise<HttpAgent> {
  if (url.protocol.startsWith("socks")) {
    const { SocksProxyAgent } = await import("socks-proxy-agent");
    return new SocksProxyAgent(url, { keepAlive: true });
  }
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  return new HttpsProxyAgent(url, { keepAlive: true });
}
