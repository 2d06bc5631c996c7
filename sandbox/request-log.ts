import type { FastifyReply } from "fastify";
import type { RecordedRequest, RequestFilter } from "./types";

/** Records every request in order of arrival, and logs a line for each answer. */
export class RequestLog {
  readonly #records: RecordedRequest[] = [];
  readonly #write: (line: string) => void;

  constructor(write: (line: string) => void = () => undefined) {
    this.#write = write;
  }

  arrived(request: Pick<RecordedRequest, "method" | "route" | "path">): RecordedRequest {
    const record: RecordedRequest = { ...request, at: performance.now() };
    this.#records.push(record);
    return record;
  }

  /** Written before the answer is sent, so that a client that has the answer finds the line. */
  answered(record: RecordedRequest, { raw, statusCode }: Pick<FastifyReply, "raw" | "statusCode">): void {
    // The client may have gone, or a fault may have closed the connection.
    if (raw.destroyed) {
      this.unanswered(record);
      return;
    }
    record.status = statusCode;
    this.#line(record, statusCode);
  }

  unanswered(record: RecordedRequest): void {
    this.#line(record, "no answer");
  }

  /** For errors of the sandbox itself. Shows only the kind of error, because a message may quote a request. */
  failed(error: Error): void {
    this.#write(`internal error: ${error.name}`);
  }

  select({ method, route, status }: RequestFilter): RecordedRequest[] {
    return this.#records
      .filter(
        (record) =>
          (method === undefined || record.method === method) &&
          (route === undefined || record.route === route || record.path.includes(route)) &&
          (status === undefined || record.status === status),
      )
      .map((record) => ({ ...record }));
  }

  #line(record: RecordedRequest, result: number | string): void {
    record.ms = Math.round(performance.now() - record.at);
    const fault = record.fault ? ` fault=${record.fault}` : "";
    this.#write(`${record.method} ${record.route} ${result} ${record.ms}ms${fault}`);
  }
}
