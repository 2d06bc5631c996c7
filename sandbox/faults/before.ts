import type { FastifyReply } from "fastify";
import { pause } from "../clock";
import { errorBody } from "../refusal";
import type { RequestFault } from "./types";

/** Whether the request must still be carried out. */
export type Outcome = "go on" | "answered" | "dropped";

/** Applies a fault before the request is carried out. */
export async function faultBefore(fault: RequestFault, reply: FastifyReply, ended: AbortSignal): Promise<Outcome> {
  switch (fault.kind) {
    case "drop-before":
      reply.hijack();
      reply.raw.destroy();
      return "dropped";
    case "delay":
      await pause(fault.ms ?? 20, ended);
      return "go on";
    case "rate-limit":
      void reply
        .code(429)
        .headers(fault.headers ?? { "x-ratelimit-reset": "1", "x-ratelimit-name": "sandbox" })
        .send(errorBody("Rate limit exceeded"));
      return "answered";
    case "status":
      void reply.code(fault.status ?? 503).send(errorBody(...(fault.errors ?? ["A fault of the sandbox"])));
      return "answered";
    case "redirect":
      void reply
        .code(fault.status ?? 307)
        .header("location", fault.location ?? "http://127.0.0.1:9/")
        .send();
      return "answered";
    case "answer":
      if (fault.handled) return "go on";
      // Status, headers and body are set when the answer is sent, as for a request that was carried out.
      void reply.send();
      return "answered";
    default:
      return "go on";
  }
}
