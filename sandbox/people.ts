import { randomUUID } from "node:crypto";
import { adminRole, standardRole } from "./roles";
import { newAccessToken, newApplicationKey } from "./secrets";
import type { NewUser, SandboxUser } from "./types";

/** The users of every sandbox organisation. By default the first one's credentials are printed. */
export const everywhere: readonly NewUser[] = [
  { handle: "user@example.com", name: "Sandbox User" },
  { handle: "admin@example.com", name: "Sandbox Admin", permissions: [...adminRole] },
  { handle: "colleague@example.com", name: "Sandbox Colleague" },
];

/** Fills in a user's missing fields. */
export function complete(user: NewUser, createdAt: string): SandboxUser {
  const id = user.id ?? randomUUID();
  const serviceAccount = user.serviceAccount ?? false;
  // A service account's handle is its id. A person's handle is the e-mail address.
  const handle = user.handle ?? (serviceAccount ? id : (user.email ?? `user-${id.slice(0, 8)}@example.com`));
  return {
    id,
    handle,
    email: user.email ?? (handle.includes("@") ? handle : `${handle}@example.com`),
    name: user.name ?? handle,
    appKey: user.appKey ?? newApplicationKey(),
    accessToken: user.accessToken ?? newAccessToken(serviceAccount),
    permissions: [...(user.permissions ?? standardRole)],
    serviceAccount,
    disabled: user.disabled ?? false,
    createdAt: user.createdAt ?? createdAt,
  };
}

/** Whether this means the user: an id, a handle, or the part of a handle before its @. */
export function goesBy({ id, handle }: SandboxUser, name: string): boolean {
  return id === name || handle === name || handle.replace(/@.*/, "") === name;
}
