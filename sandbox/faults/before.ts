import type { FastifyReply } from "fastify";
import { pause } from "../clock";
import { errorBody } from "../refusal";
import type { RequestFault } from "./types";

/** Applies a fault that comes before the request is carried out. */
export async function faultBefore(fault: RequestFault, reply: FastifyReply, ended: AbortSignal): Promise<void> {
  switch (fault.kind) {
    case "drop-before":
      reply.hijack();
      reply.raw.destroy();
      return;
    case "delay":
      await pause(fault.ms, ended);
      return;
    case "rate-limit":
      reply.code(429).headers(fault.headers ?? {});
      void reply.send(errorBody("Rate limit exceeded"));
      return;
    case "status":
      void reply.code(fault.status).send(errorBody(...(fault.errors ?? ["A fault of the sandbox"])));
      return;
    case "redirect":
      void reply.code(fault.status).header("location", fault.location).send();
      return;
    case "answer":
      if (!fault.handled) void reply.send();
      return;
    default:
  }
}
