import { randomBytes } from "node:crypto";

/** An application key as Datadog makes them now: a prefix and 34 letters and digits. */
export function newApplicationKey(): string {
  return `ddapp_${lettersAndDigits(34)}`;
}

/** An access token: its prefix tells whether it is a person's or a service account's. */
export function newAccessToken(serviceAccount: boolean): string {
  return `${serviceAccount ? "ddsat" : "ddpat"}_${lettersAndDigits(40)}`;
}

/** An API key: 32 hex digits. */
export function newApiKey(): string {
  return randomBytes(16).toString("hex");
}

function lettersAndDigits(count: number): string {
  // More than enough, so that as many are left without base64's other two.
  return randomBytes(2 * count)
    .toString("base64")
    .replace(/\W/g, "")
    .slice(0, count);
}
