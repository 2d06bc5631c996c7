import { randomBytes } from "node:crypto";

/** An application key in Datadog's current format: a prefix and 34 letters and digits. */
export function newApplicationKey(): string {
  return `ddapp_${lettersAndDigits(34)}`;
}

/** An access token. Its prefix shows whether it belongs to a person or a service account. */
export function newAccessToken(serviceAccount: boolean): string {
  return `${serviceAccount ? "ddsat" : "ddpat"}_${lettersAndDigits(40)}`;
}

/** An API key: 32 hex digits. */
export function newApiKey(): string {
  return randomBytes(16).toString("hex");
}

function lettersAndDigits(count: number): string {
  // More than enough, so that enough remain without base64's other two characters.
  return randomBytes(2 * count)
    .toString("base64")
    .replace(/\W/g, "")
    .slice(0, count);
}
