import * as v from "valibot";
import { type Doing, InvalidAnswerError } from "./errors";

/**
 * Checks an answer where it enters.
 * @throws InvalidAnswerError that names the field, never its value
 */
export function decode<Schema extends v.GenericSchema>(
  schema: Schema,
  answer: unknown,
  doing: Doing,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, answer);
  if (result.success) return result.output;
  // valibot's own messages quote what was received, which may be a key.
  const field = v.getDotPath(result.issues[0]);
  const words = `the answer has no usable ${field === null ? "body" : JSON.stringify(field)}`;
  throw new InvalidAnswerError({ doing, status: "2xx", words });
}
