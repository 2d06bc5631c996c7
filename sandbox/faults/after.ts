import { Readable } from "node:stream";
import type { FastifyReply } from "fastify";
import { pause } from "../clock";
import { errorBody } from "../refusal";
import type { RequestFault } from "./types";

/** Applies a fault to an answer before it is sent, and returns the body to send. */
export async function faultAfter(
  fault: RequestFault,
  reply: FastifyReply,
  body: string,
  ended: AbortSignal,
): Promise<string | Readable> {
  switch (fault.kind) {
    case "drop-after":
      reply.raw.destroy();
      return body;
    case "delay-after":
      await pause(fault.ms ?? 20, ended);
      return body;
    case "status-after":
      reply.code(fault.status ?? 502);
      return errorBody(...(fault.errors ?? ["A fault of the sandbox"]));
    case "cut-body":
      // An answer without a body cannot be cut, so it is lost as a whole.
      if (body === "") {
        reply.raw.destroy();
        return body;
      }
      reply.header("content-length", Buffer.byteLength(body));
      return Readable.from(half(body));
    case "not-json":
      reply.code(200).type("text/html; charset=utf-8");
      return "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>";
    case "wrong-content-type":
      reply.type(fault.contentType ?? "text/html; charset=utf-8");
      return body;
    case "missing-field":
      return rewrite(body, fault, undefined);
    case "wrong-type-field":
      return rewrite(body, fault, fault.value ?? 42);
    case "huge-body":
      return Readable.from(padded(body, fault.bytes ?? 4 * 1024 * 1024));
    case "slow-drip":
      reply.header("content-length", Buffer.byteLength(body));
      return Readable.from(drip(body, fault.ms ?? 1, ended));
    case "header-bomb":
      for (let number = 0; number < (fault.count ?? 200); number++)
        reply.header(`x-bomb-${number}`, "x".repeat(fault.bytes ?? 1024));
      return body;
    case "answer":
      reply.code(fault.status ?? 418).headers(fault.headers ?? {});
      return fault.body ?? "";
    default:
      return body;
  }
}

async function* half(body: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body);
  yield bytes.subarray(0, Math.ceil(bytes.length / 2));
  // The socket sends at the end of this turn of the event loop.
  await new Promise(setImmediate);
  throw new Error("cut");
}

function* padded(body: string, length: number): Generator<Buffer> {
  const blank = Buffer.alloc(64 * 1024, " ");
  for (let left = length; left > 0; left -= blank.length) yield blank.subarray(0, Math.min(left, blank.length));
  yield Buffer.from(body);
}

async function* drip(body: string, ms: number, ended: AbortSignal): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(body);
  for (let at = 0; at < bytes.length; at++) {
    await pause(ms, ended);
    yield bytes.subarray(at, at + 1);
  }
}

/** Changes every field of that name at any depth. Undefined removes it. */
function rewrite(body: string, { field = "name" }: { field?: string }, value: unknown): string {
  if (body === "") return body;
  return JSON.stringify(JSON.parse(body), (name, old: unknown) => (name === field ? value : old));
}
