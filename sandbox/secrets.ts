import { randomBytes } from "node:crypto";

/** An application key as Datadog makes them now: a prefix and 34 letters and digits. */
export function newApplicationKey(): string {
  // More than enough, so that 34 are left without base64's other two.
  const random = randomBytes(64).toString("base64").replace(/\W/g, "");
  return `ddapp_${random.slice(0, 34)}`;
}

/** An API key: 32 hex digits. */
export function newApiKey(): string {
  return randomBytes(16).toString("hex");
}
