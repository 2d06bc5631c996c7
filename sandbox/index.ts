import type { AddressInfo } from "node:net";
import { Clock } from "./clock";
import { loadData, saveData } from "./data-file";
import { FaultPlan } from "./faults/plan";
import { RandomFaults } from "./faults/random";
import { Organisation } from "./organisation";
import { RateLimiter } from "./rate-limit";
import { RequestLog } from "./request-log";
import { preparePortReservation } from "./reserved-port";
import { buildServer } from "./server";
import type { Sandbox, SandboxKey, SandboxOptions, SandboxUser } from "./types";
import { v1Routes, validateRoute } from "./v1-routes";
import { v2KeyRoutes } from "./v2-key-routes";
import { v2RegistrationRoutes } from "./v2-registration-routes";
import { v2UserRoutes } from "./v2-user-routes";

export * from "./faults/types";
export type * from "./types";

const host = "127.0.0.1";

/**
 * Starts a local Datadog with users, service accounts and application keys, on the loopback address.
 * @throws Error if the port is in use, or the data file was not written by a sandbox
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = new Clock(options.now);
  const { organisation, user } = prepareOrganisation(options, clock);
  let oneTimeRead = options.oneTimeRead ?? false;
  const v1Disabled = () => (oneTimeRead || options.government ? (options.v1DisabledStatus ?? 403) : undefined);
  const routes = [
    validateRoute(organisation),
    ...v1Routes(organisation, v1Disabled),
    ...v2KeyRoutes(organisation, () => oneTimeRead),
    ...v2UserRoutes(organisation),
    ...v2RegistrationRoutes(organisation),
  ];
  const faults = new FaultPlan(new Set(routes.map(({ template }) => template)));
  const log = new RequestLog(options.log);
  const ending = new AbortController();
  const app = buildServer({
    organisation,
    routes,
    faults,
    log,
    limiter: options.rateLimit && new RateLimiter(options.rateLimit, clock.now),
    latencyMs: options.latencyMs ?? 0,
    ended: ending.signal,
  });
  await app.listen({ host, port: options.port ?? 0 }).catch(explainListenFailure);
  const { port } = app.server.address() as AddressInfo;

  const known = (key: SandboxKey) => ({ ...key, actionsApi: organisation.registrations.has(key.id) });
  // There is something to release only while the sandbox is offline.
  let releasePort: () => void = () => undefined;
  return {
    url: `http://${host}:${port}`,
    orgId: organisation.id,
    apiKey: organisation.apiKey,
    appKey: user.appKey,
    users: organisation.users,
    user: (name) => organisation.userCalled(name),
    requests: (filter = {}) => log.select(filter),
    keys: () => organisation.keys().map(known),
    everyKeyEverMade: () => organisation.everyKeyEverMade(),
    fail(fault) {
      const remove = faults.add(fault);
      // A client with an open connection would not see a connection fault.
      if (fault.kind === "refuse") app.server.closeIdleConnections();
      return remove;
    },
    failAtRandom: (random) => faults.addRandom(new RandomFaults(random)),
    faultsInjected: () => faults.injected(),
    setOneTimeRead(on) {
      oneTimeRead = on;
    },
    setReadLag(ms) {
      organisation.readLag = ms;
    },
    rename(id, name) {
      organisation.editKey(organisation.key(id), { name });
    },
    revoke(id) {
      organisation.deleteKey(organisation.key(id));
    },
    leak(id, found = {}) {
      organisation.leak(organisation.key(id), found);
    },
    add: (key) => known(organisation.addKey({ owner: user.id, ...key })),
    async goOffline() {
      const reserve = await preparePortReservation(host);
      const stopped = new Promise((stopped) => {
        app.server.close(stopped);
        app.server.closeAllConnections();
      });
      releasePort = await reserve(port);
      await stopped;
      return async () => {
        await new Promise<void>((listening) => {
          app.server.listen({ host, port }, listening);
        });
        releasePort();
      };
    },
    async close() {
      releasePort();
      // Connections are closed first, so that no client gets an answer about the closing.
      app.server.closeAllConnections();
      ending.abort();
      await app.close();
    },
  };
}

function prepareOrganisation(options: SandboxOptions, clock: Clock): { organisation: Organisation; user: SandboxUser } {
  const { dataFile, users = [], keys = [] } = options;
  const saved = dataFile === undefined ? undefined : loadData(dataFile);
  const organisation = new Organisation(clock, options.uniqueNames ?? "organisation", saved, options.orgId);
  organisation.keysPerUser = options.maxKeysPerUser;
  organisation.readLag = options.readLagMs ?? 0;
  // Saved data already contains the initial users and keys.
  if (!saved) users.forEach((user) => organisation.addUser(user));
  const user = organisation.userCalled(options.user);
  if (!saved)
    keys.forEach((key) => {
      organisation.addOldKey({ owner: user.id, ...key });
    });
  if (dataFile !== undefined) {
    organisation.onChange = () => {
      saveData(dataFile, organisation.data());
    };
    organisation.onChange();
  }
  return { organisation, user };
}

function explainListenFailure(error: Error & { code?: string; port?: number }): never {
  if (error.code === "EADDRINUSE") throw new Error(`port ${error.port ?? ""} is in use`, { cause: error });
  throw error;
}
