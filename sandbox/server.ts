import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { pause } from "./clock";
import { faultAfter } from "./faults/after";
import { faultBefore } from "./faults/before";
import type { FaultPlan } from "./faults/plan";
import type { RequestFault } from "./faults/types";
import { maskPath } from "./masking";
import type { Organisation } from "./organisation";
import type { RateLimiter } from "./rate-limit";
import { errorBody, Refusal } from "./refusal";
import type { RequestLog } from "./request-log";
import { handleRequest, sendAnswer } from "./handle-request";
import type { OpenRoute, Route } from "./route";
import type { RecordedRequest } from "./types";

export interface ServerParts {
  organisation: Organisation;
  routes: readonly (Route | OpenRoute)[];
  faults: FaultPlan;
  log: RequestLog;
  limiter: RateLimiter | undefined;
  latencyMs: number;
  /** Fires when the sandbox is closed, and ends all waits. */
  ended: AbortSignal;
}

/** The sandbox's own data about a request, in addition to Fastify's. */
interface Exchange {
  record: RecordedRequest;
  fault: RequestFault | undefined;
  mediaType?: string;
}

const unknownRoute = "(unknown)";

/** Builds an HTTP server from routes, faults, limits and log. It does not listen yet. */
export function buildServer({ organisation, routes, faults, log, limiter, latencyMs, ended }: ServerParts) {
  const app = fastify({
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    // Fastify's own text for a malformed URL quotes it.
    frameworkErrors: (_error, request, reply: FastifyReply) => {
      const record = log.arrived({ method: request.method, route: unknownRoute, path: maskPath(request.url) });
      log.answered(record, reply.code(400));
      void reply.type("application/json").send(errorBody("Bad Request"));
    },
  });
  const exchanges = new WeakMap<FastifyRequest, Exchange>();
  const templates = new Map(routes.map(({ template }) => [urlOf(template), template]));

  app.server.on("connection", (socket) => {
    if (faults.refusesConnection()) socket.resetAndDestroy();
  });

  // Bodies of any type are read as text, because the sandbox has its own answers to wrong ones.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    done(null, body);
  });

  app.addHook("onRequest", (request, _reply, done) => {
    const route = templates.get(request.routeOptions.url ?? "") ?? unknownRoute;
    const record = log.arrived({ method: request.method, route, path: maskPath(request.url) });
    exchanges.set(request, { record, fault: undefined });
    done();
  });

  app.addHook("onSend", (request, reply, payload, done) => {
    if (faults.awaitsConnection) reply.header("connection", "close");
    const exchange = exchanges.get(request);
    // Fastify adds a charset, and Datadog's answers have none.
    if (typeof payload === "string") reply.header("content-type", exchange?.mediaType ?? "application/json");
    if (!exchange?.fault) {
      if (exchange) log.answered(exchange.record, reply);
      done(null, payload);
      return;
    }
    const { record, fault } = exchange;
    // If the faulty answer itself fails, Fastify's answer is sent unchanged.
    exchanges.delete(request);
    const body = typeof payload === "string" ? payload : "";
    const spoil = async () => {
      const spoilt = await faultAfter(fault, reply, body, ended);
      log.answered(record, reply);
      // An answer without a body stays empty and keeps its headers.
      done(null, spoilt === "" ? payload : spoilt);
    };
    spoil().catch(done);
  });

  app.setErrorHandler((error: Error, _request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send(errorBody(error.error));
    if ("statusCode" in error && error.statusCode === 413) return reply.code(413).send(errorBody("Payload Too Large"));
    if (!ended.aborted) log.failed(error);
    return reply.code(500).send(errorBody("Internal Server Error"));
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send(errorBody("Not Found")));

  /** Everything between the arrival of a request and its answer. */
  async function handle(route: Route | OpenRoute, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const exchange = exchanges.get(request);
    if (exchange && route.mediaType !== undefined) exchange.mediaType = route.mediaType;
    const fault = exchange && faults.forRequest(exchange.record);
    if (fault) {
      exchange.fault = fault;
      exchange.record.fault = fault.kind;
    }
    if (latencyMs > 0) await pause(latencyMs, ended);
    if (fault) {
      const outcome = await faultBefore(fault, reply, ended);
      if (outcome === "dropped") log.unanswered(exchange.record);
      if (outcome !== "go on") return reply;
    }
    if (limiter) {
      const limit = `${route.limit}_${route.method === "GET" ? "read" : "write"}`;
      const { refused, headers } = limiter.take(limit);
      reply.headers(headers);
      if (refused) throw new Refusal(429, `Rate limit of ${limit} exceeded`);
    }
    return sendAnswer(reply, handleRequest(route, request, organisation));
  }

  for (const route of routes)
    app.route({
      method: route.method,
      url: urlOf(route.template),
      handler: (request, reply) => handle(route, request, reply),
    });
  refuseOtherMethods(app, routes);
  return app;
}

/** Answers a known path with an unsupported method: 405, and the supported methods. */
function refuseOtherMethods(app: FastifyInstance, routes: readonly (Route | OpenRoute)[]): void {
  for (const template of new Set(routes.map((route) => route.template))) {
    const allowed: string[] = routes.filter((route) => route.template === template).map(({ method }) => method);
    app.route({
      method: app.supportedMethods.filter((method) => !allowed.includes(method)),
      url: urlOf(template),
      handler: (_request, reply) =>
        reply.code(405).header("allow", allowed.join(", ")).send(errorBody("Method Not Allowed")),
    });
  }
}

function urlOf(template: string): string {
  return template.replace(/\{(\w+)\}/g, ":$1");
}
