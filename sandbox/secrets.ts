import { randomBytes } from "node:crypto";

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** An application key as Datadog makes them now: a prefix and 34 characters. */
export function newApplicationKey(): string {
  let key = "ddapp_";
  for (const byte of randomBytes(34)) key += alphanumeric.charAt(byte % alphanumeric.length);
  return key;
}

/** An API key: 32 hex digits. */
export function newApiKey(): string {
  return randomBytes(16).toString("hex");
}
