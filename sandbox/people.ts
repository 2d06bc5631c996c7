import { randomUUID } from "node:crypto";
import { everyPermission, ordinaryPermissions } from "./permissions";
import { newAccessToken, newApplicationKey } from "./secrets";
import type { NewUser, SandboxUser } from "./types";

/** Who is in every organisation of the sandbox; the first one's credentials are given out unless another is asked for. */
export const everywhere: readonly NewUser[] = [
  { handle: "user@example.com", name: "Sandbox User" },
  { handle: "admin@example.com", name: "Sandbox Admin", permissions: [...everyPermission] },
  { handle: "colleague@example.com", name: "Sandbox Colleague" },
];

/** Makes up what is left out of a user. */
export function complete(user: NewUser, createdAt: string): SandboxUser {
  const id = user.id ?? randomUUID();
  const serviceAccount = user.serviceAccount ?? false;
  // A service account's handle is its id; a person's is the e-mail address.
  const handle = user.handle ?? (serviceAccount ? id : (user.email ?? `user-${id.slice(0, 8)}@example.com`));
  return {
    id,
    handle,
    email: user.email ?? (handle.includes("@") ? handle : `${handle}@example.com`),
    name: user.name ?? handle,
    appKey: user.appKey ?? newApplicationKey(),
    accessToken: user.accessToken ?? newAccessToken(serviceAccount),
    permissions: [...(user.permissions ?? ordinaryPermissions)],
    serviceAccount,
    disabled: user.disabled ?? false,
    createdAt: user.createdAt ?? createdAt,
  };
}

/** Whether a user goes by this: an id, a handle, or what a handle has before its @. */
export function goesBy({ id, handle }: SandboxUser, name: string): boolean {
  return id === name || handle === name || handle.replace(/@.*/, "") === name;
}
