import { type GenericSchema, getDotPath, type InferOutput, nullish, pipe, safeParse, string, transform } from "valibot";
import type { ApiRequest } from "./api-request";
import type { Connection } from "./connection";
import { type Doing, InvalidAnswerError } from "./errors";

/** A string. An empty one counts as missing. */
export const text = pipe(
  string(),
  transform((value) => (value === "" ? undefined : value)),
);
/** The same, but null or missing is also allowed. All three become undefined. */
export const optionalText = nullish(text, () => undefined);

/**
 * Checks the shape of an answer.
 * @throws InvalidAnswerError that names the field, never its value
 */
export function decode<Schema extends GenericSchema>(
  schema: Schema,
  answer: unknown,
  doing: Doing,
): InferOutput<Schema> {
  const result = safeParse(schema, answer);
  if (result.success) return result.output;
  // valibot's own messages quote what was received, which may be a key.
  const field = getDotPath(result.issues[0]);
  const words = `the answer has no usable ${field === null ? "body" : JSON.stringify(field)}`;
  throw new InvalidAnswerError({ doing, status: "2xx", words });
}

/** Sends a request and checks its answer. */
export async function ask<Schema extends GenericSchema>(
  connection: Connection,
  request: ApiRequest,
  schema: Schema,
): Promise<InferOutput<Schema>> {
  return decode(schema, await connection.send(request), connection.naming(request).doing);
}
