import { requireApiKey, requirePermission, type Caller } from "./access";
import { nameOf, objectOf } from "./body";
import type { Organisation } from "./organisation";
import { forbidden, keyNotFound, Refusal } from "./refusal";
import type { OpenRoute, Route } from "./route";
import type { Permission, SandboxKey, V1DisabledStatus } from "./types";

const template = "/api/v1/application_key";

/** `/api/v1/application_key`; `disabledStatus` tells whether, and how, the whole of it is refused at the moment. */
export function v1Routes(
  organisation: Organisation,
  disabledStatus: () => V1DisabledStatus | undefined,
): readonly Route[] {
  const routes: Route[] = [
    {
      method: "GET",
      template,
      limit: "v1_application_keys_read",
      handle({ caller }) {
        const all = caller.may("org_app_keys_read");
        if (!all) requirePermission(caller, "user_app_keys");
        const keys = organisation.keys().filter((key) => isPersonal(organisation, key) && (all || owns(caller, key)));
        return { status: 200, body: { application_keys: keys.map(show) } };
      },
    },
    {
      method: "POST",
      template,
      limit: "v1_application_keys_write",
      handle({ caller, body }) {
        requirePermission(caller, "user_app_keys");
        const name = nameOf(objectOf(body, "the body"));
        return answer(organisation.addKey({ name, owner: caller.user.id }));
      },
    },
    {
      method: "GET",
      template: `${template}/{hash}`,
      limit: "v1_application_keys_read",
      handle: ({ caller, params }) => answer(find(organisation, params, caller, "org_app_keys_read")),
    },
    {
      method: "PUT",
      template: `${template}/{hash}`,
      limit: "v1_application_keys_write",
      handle({ caller, params, body }) {
        const key = find(organisation, params, caller, "org_app_keys_write");
        organisation.editKey(key, { name: nameOf(objectOf(body, "the body")) });
        return answer(key);
      },
    },
    {
      method: "DELETE",
      template: `${template}/{hash}`,
      limit: "v1_application_keys_write",
      handle({ caller, params }) {
        const key = find(organisation, params, caller, "org_app_keys_write");
        organisation.deleteKey(key);
        return answer(key);
      },
    },
  ];
  return routes.map((route) => ({
    ...route,
    handle(call) {
      const status = disabledStatus();
      if (status !== undefined) throw new Refusal(status, "This endpoint is disabled for your organization");
      return route.handle(call);
    },
  }));
}

/** `/api/v1/validate` looks at the API key alone, and stays where the rest of v1 is disabled. */
export function validateRoute(organisation: Organisation): OpenRoute {
  return {
    method: "GET",
    template: "/api/v1/validate",
    limit: "validate",
    check(headers) {
      requireApiKey(organisation, headers);
      return { status: 200, body: { valid: true } };
    },
  };
}

/** Own keys need `user_app_keys`; `others` is what keys of other users need. */
function find(
  organisation: Organisation,
  params: Readonly<Record<string, string>>,
  caller: Caller,
  others: Permission,
): SandboxKey {
  const key = organisation.keyBySecret(params["hash"] ?? "");
  if (!key || !isPersonal(organisation, key)) throw keyNotFound();
  if (!caller.may(others) && !(owns(caller, key) && caller.may("user_app_keys"))) throw forbidden();
  return key;
}

/** v1 shows secrets, and a service account's is shown to nobody after its creation: v1 has people's keys only. */
function isPersonal(organisation: Organisation, key: SandboxKey): boolean {
  return organisation.user(key.ownerId)?.serviceAccount === false;
}

function owns(caller: Caller, key: SandboxKey): boolean {
  return key.ownerId === caller.user.id;
}

function answer(key: SandboxKey) {
  return { status: 200, body: { application_key: show(key) } };
}

function show({ key, name, owner }: SandboxKey) {
  return { hash: key, name, owner };
}
