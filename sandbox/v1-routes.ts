import { refuseToken, requireApiKey, requirePermission, type Caller } from "./authenticate";
import { nameOf, objectOf } from "./body";
import type { Organisation } from "./organisation";
import { forbidden, keyNotFound, Refusal } from "./refusal";
import { type Call, ok, type OpenRoute, type Route, route } from "./route";
import type { Permission, SandboxKey, V1DisabledStatus } from "./types";

const all = "/api/v1/application_key";
const one = `${all}/{hash}`;
const limit = "v1_application_keys";

/**
 * `/api/v1/application_key`. `disabledStatus` returns the status with which all of it is currently refused, if it is.
 */
export function v1Routes(
  organisation: Organisation,
  disabledStatus: () => V1DisabledStatus | undefined,
): readonly Route[] {
  const routes = [
    route("GET", all, limit, ({ caller }) => {
      const everybodys = caller.may("org_app_keys_read");
      if (!everybodys) requirePermission(caller, "user_app_keys");
      const shown = (key: SandboxKey) => isPersonal(organisation, key) && (everybodys || owns(caller, key));
      return ok({ application_keys: organisation.keysToRead().filter(shown).map(show) });
    }),
    route("POST", all, limit, ({ caller, body }) => {
      refuseToken(caller);
      requirePermission(caller, "user_app_keys");
      const name = nameOf(objectOf(body, "the body"));
      return answer(organisation.createKey({ name, owner: caller.user.id }));
    }),
    route("GET", one, limit, (call) => {
      const key = organisation.keyToReadBySecret(call.params["hash"] ?? "");
      return answer(allowed(organisation, key, call, "org_app_keys_read"));
    }),
    route("PUT", one, limit, (call) => {
      refuseToken(call.caller);
      const key = find(organisation, call);
      return answer(organisation.editKey(key, { name: nameOf(objectOf(call.body, "the body")) }));
    }),
    route("DELETE", one, limit, (call) => {
      const key = find(organisation, call);
      organisation.deleteKey(key);
      return answer(key);
    }),
  ];
  return routes.map((enabled) => ({
    ...enabled,
    handle(call) {
      const status = disabledStatus();
      if (status !== undefined) throw new Refusal(status, "This endpoint is disabled for your organization");
      return enabled.handle(call);
    },
  }));
}

/** `/api/v1/validate` checks only the API key, and works even if the rest of v1 is disabled. */
export function validateRoute(organisation: Organisation): OpenRoute {
  return {
    method: "GET",
    template: "/api/v1/validate",
    limit: "validate",
    check(headers) {
      requireApiKey(organisation, headers);
      return ok({ valid: true });
    },
  };
}

/** The key to change or revoke. */
function find(organisation: Organisation, call: Call): SandboxKey {
  const key = organisation.keyBySecret(call.params["hash"] ?? "");
  if (!key) throw keyNotFound();
  return allowed(organisation, key, call, "org_app_keys_write");
}

/** Own keys need `user_app_keys`. `others` is the permission for other users' keys. */
function allowed(organisation: Organisation, key: SandboxKey, { caller }: Call, others: Permission): SandboxKey {
  if (!isPersonal(organisation, key)) throw keyNotFound();
  if (!caller.may(others) && !(owns(caller, key) && caller.may("user_app_keys"))) throw forbidden();
  return key;
}

/**
 * v1 shows secrets, and Datadog shows a service account's secret to nobody after its creation, so v1 has only people's
 * keys.
 */
function isPersonal(organisation: Organisation, key: SandboxKey): boolean {
  return organisation.user(key.ownerId)?.serviceAccount === false;
}

function owns(caller: Caller, key: SandboxKey): boolean {
  return key.ownerId === caller.user.id;
}

function answer(key: SandboxKey) {
  return ok({ application_key: show(key) });
}

function show({ key, name, owner }: SandboxKey) {
  return { hash: key, name, owner };
}
