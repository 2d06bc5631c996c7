import { badRequest } from "./refusal";

type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badRequest(`${what} must be an object`);
  return value as JsonObject;
}

/** A key's name. It must have a visible character. */
export function nameOf(attributes: JsonObject): string {
  const name = attributes["name"];
  if (typeof name !== "string" || name.trim() === "") throw badRequest("name must be a non-empty string");
  return name;
}

/** The attributes of a JSON:API body, after its type and, for edits, its id have been checked. */
export function attributesOf(body: unknown, type: string, id?: string): JsonObject {
  const data = objectOf(objectOf(body, "the body")["data"], "data");
  if (data["type"] !== type) throw badRequest(`data.type must be "${type}"`);
  if (id !== undefined && data["id"] !== id) throw badRequest("data.id must be the id in the path");
  return objectOf(data["attributes"], "data.attributes");
}
