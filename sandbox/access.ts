import type { IncomingHttpHeaders } from "node:http";
import type { Organisation } from "./organisation";
import { forbidden } from "./refusal";
import type { Permission, SandboxUser } from "./types";

/** Who sends a request, and what the key it is signed with allows. */
export interface Caller {
  user: SandboxUser;
  may(permission: Permission): boolean;
}

/**
 * Datadog's reference lists 403 alone for requests to the key endpoints without valid keys, and says of v1 validate
 * "If invalid, a 403 is returned"; so no route here answers 401.
 */
export function authenticate(organisation: Organisation, headers: IncomingHttpHeaders): Caller {
  requireApiKey(organisation, headers);
  const secret = headers["dd-application-key"];
  const caller = typeof secret === "string" ? callerBySecret(organisation, secret) : undefined;
  if (!caller) throw forbidden();
  return caller;
}

export function requireApiKey(organisation: Organisation, headers: IncomingHttpHeaders): void {
  if (headers["dd-api-key"] !== organisation.apiKey) throw forbidden();
}

export function requirePermission(caller: Caller, permission: Permission): void {
  if (!caller.may(permission)) throw forbidden();
}

/** A key that the API made is a credential too: its owner's, narrowed down to its scopes. */
function callerBySecret(organisation: Organisation, secret: string): Caller | undefined {
  const key = organisation.keyBySecret(secret);
  const user = key ? organisation.user(key.ownerId) : organisation.users.find(({ appKey }) => appKey === secret);
  if (!user) return undefined;
  const { permissions } = user;
  return { user, may: (permission) => permissions.includes(permission) && (key?.scopes?.includes(permission) ?? true) };
}
