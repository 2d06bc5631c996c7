/** What prevents a request from being sent. */
export type Obstacle = keyof typeof waysRound;

const others = "any proxy (HTTPS_PROXY, NO_PROXY) and any firewall between this machine and Datadog";

/** What the user can do about each. */
const waysRound = {
  noAddress: (apiUrl: string) => `Check the site, ${apiUrl}, the network and any proxy (HTTPS_PROXY, NO_PROXY).`,
  noConnection: () => `Check the network, ${others}.`,
  noTls: (apiUrl: string) =>
    `Check ${apiUrl} and any proxy (HTTPS_PROXY, NO_PROXY): something else than Datadog answered.`,
  certificate: (apiUrl: string) =>
    `Check this machine's clock, ${apiUrl}, and whether something else answers in Datadog's place.`,
  unknownAuthority: () =>
    "If it is your company's authority, set NODE_EXTRA_CA_CERTS, in the environment of pulumi, to the file of its certificate (PEM).",
  anotherAuthority: () =>
    "NODE_EXTRA_CA_CERTS is set: check that its file can be read and holds the certificate (PEM) of that authority.",
  malformedProxy: () =>
    "Write it as http://host:port or http://user:password@host:port, and percent-encode special characters (@ is %40).",
  proxyLogin: () =>
    "Give the proxy's user and password in that variable: http://user:password@host:port, with special characters percent-encoded (@ is %40).",
  proxyPassword: () =>
    "Correct the user and the password in that variable, and percent-encode their special characters (@ is %40).",
  proxyRefused: () => "Ask those who run the proxy to allow that host, or exempt it in NO_PROXY.",
  proxyFailed: () => "Run the command again; if it goes on, ask those who run the proxy.",
} as const;

/** @param apiUrl how the setting with the API's address is called */
export function wayRound(obstacle: Obstacle, apiUrl: string): string {
  return waysRound[obstacle](apiUrl);
}

/** Whether trying again may help. */
export function mayPass(obstacle: Obstacle): boolean {
  return obstacle === "noAddress" || obstacle === "noConnection" || obstacle === "proxyFailed";
}
