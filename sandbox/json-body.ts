import type { FastifyRequest } from "fastify";
import { badRequest, Refusal } from "./refusal";

const json = /^application\/(vnd\.api\+)?json\s*(;|$)/i;
const acceptable = /\*\/\*|application\/(\*|json|vnd\.api\+json)/i;

/** The JSON body of methods that have one. */
export function readBody({ method, headers, body }: FastifyRequest): unknown {
  if (method === "GET" || method === "DELETE") return undefined;
  if (!json.test(headers["content-type"] ?? "")) throw new Refusal(415, "Unsupported Media Type");
  try {
    return JSON.parse(typeof body === "string" ? body : "");
  } catch {
    throw badRequest("The body is not valid JSON");
  }
}

/** Every answer with a body is JSON, so clients that do not accept JSON are refused before anything is done. */
export function requireAcceptable({ headers }: FastifyRequest): void {
  if (headers.accept !== undefined && !acceptable.test(headers.accept)) throw new Refusal(406, "Not Acceptable");
}
