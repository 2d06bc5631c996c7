import type { FastifyReply, FastifyRequest } from "fastify";
import { authenticate } from "./authenticate";
import { readBody, requireAcceptable } from "./json-body";
import type { Organisation } from "./organisation";
import type { Answer, OpenRoute, Route } from "./route";

/** Checks what every route requires, and passes the request on in the route's own form. */
export function handleRequest(route: Route | OpenRoute, request: FastifyRequest, organisation: Organisation): Answer {
  if ("check" in route) return route.check(request.headers);
  const caller = authenticate(organisation, request.headers);
  requireAcceptable(request);
  return route.handle({
    caller,
    params: request.params as Record<string, string>,
    query: new URLSearchParams(request.url.replace(/^[^?]*/, "")),
    body: route.bodiless ? undefined : readBody(request),
  });
}

export function sendAnswer(reply: FastifyReply, { status, body }: Answer): FastifyReply {
  if (body !== undefined) return reply.code(status).send(JSON.stringify(body));
  // As recorded: Datadog sends empty answers as HTML.
  return reply.code(status).type("text/html; charset=utf-8").send();
}
