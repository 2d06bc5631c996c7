import type { IncomingHttpHeaders } from "node:http";
import type { Organisation } from "./organisation";
import { forbidden } from "./refusal";
import type { Permission, SandboxUser } from "./types";

/** The sender of a request, and what its key or token allows. */
export interface Caller {
  user: SandboxUser;
  /** Signed with an access token, which cannot create or change application keys. */
  byToken: boolean;
  may(permission: Permission): boolean;
}

/**
 * For requests without valid keys, Datadog's reference lists only 403, and for v1 validate it says "If invalid, a 403
 * is returned". So no route here answers 401.
 */
export function authenticate(organisation: Organisation, headers: IncomingHttpHeaders): Caller {
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
  const secret = bearer ?? headers["dd-application-key"];
  if (typeof secret !== "string") throw forbidden();
  const holder = organisation.users.find(({ accessToken }) => accessToken === secret);
  if (!holder) requireApiKey(organisation, headers);
  const caller = holder ? callerWith(holder, true) : bearer === undefined && callerBySecret(organisation, secret);
  if (!caller || caller.user.disabled) throw forbidden();
  return caller;
}

export function requireApiKey(organisation: Organisation, headers: IncomingHttpHeaders): void {
  if (headers["dd-api-key"] !== organisation.apiKey) throw forbidden();
}

/** @param permissions any of which is enough */
export function requirePermission(caller: Caller, ...permissions: Permission[]): void {
  if (!permissions.some((permission) => caller.may(permission))) throw forbidden();
}

/** "A PAT cannot create or update application keys. Revoking application keys is still allowed." */
export function refuseToken(caller: Caller): void {
  if (caller.byToken) throw forbidden();
}

/** A key created through the API is also a credential: its owner's, restricted to its scopes. */
function callerBySecret(organisation: Organisation, secret: string): Caller | undefined {
  const key = organisation.keyBySecret(secret);
  if (key) organisation.used(key);
  const user = key ? organisation.user(key.ownerId) : organisation.users.find(({ appKey }) => appKey === secret);
  return user && callerWith(user, false, key?.scopes);
}

function callerWith(user: SandboxUser, byToken: boolean, scopes?: readonly string[] | null): Caller {
  return {
    user,
    byToken,
    may: (permission) => user.permissions.includes(permission) && (scopes?.includes(permission) ?? true),
  };
}
