import { requirePermission } from "./authenticate";
import type { Organisation } from "./organisation";
import { windowOf } from "./paging";
import { Refusal } from "./refusal";
import { type Call, ok, type Route, route } from "./route";
import type { Permission } from "./types";

const all = "/api/v2/actions/app_key_registrations";
const one = `${all}/{app_key_id}`;
const limit = "app_key_registrations";
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Any of these is enough. */
const permissions: readonly Permission[] = ["user_access_manage", "user_app_keys", "service_account_write"];

/**
 * Application keys registered for Actions API access, by id. As recorded, Datadog does not check that an id belongs to
 * a key.
 */
export function v2RegistrationRoutes(organisation: Organisation): readonly Route[] {
  const { registrations } = organisation;
  const routes = [
    // Datadog's API description has a separate permission for reading.
    route("GET", all, limit, ({ caller, query }) => {
      requirePermission(caller, ...permissions, "org_app_keys_read");
      const { start, end } = windowOf(query);
      const ids = [...registrations];
      const meta = { total: ids.length, total_filtered: ids.length };
      return ok({ data: ids.slice(start, end).map(resource), meta });
    }),
    route("GET", one, limit, (call) => {
      requirePermission(call.caller, ...permissions, "org_app_keys_read");
      return ok({ data: resource(registered(organisation, call)) });
    }),
    {
      ...route("PUT", one, limit, (call) => {
        requirePermission(call.caller, ...permissions);
        const id = idOf(call);
        organisation.register(id);
        return { status: 201, body: { data: resource(id) } };
      }),
      bodiless: true as const,
    },
    route("DELETE", one, limit, (call) => {
      requirePermission(call.caller, ...permissions);
      organisation.unregister(registered(organisation, call));
      return { status: 204 };
    }),
  ];
  return routes.map((one) => ({ ...one, mediaType: "application/vnd.api+json" }));
}

function registered({ registrations }: Organisation, call: Call): string {
  const id = idOf(call);
  const detail = "app key not found";
  if (!registrations.has(id)) throw new Refusal(404, detail, { detail });
  return id;
}

function idOf({ params }: Call): string {
  const id = params["app_key_id"] ?? "";
  const detail = 'invalid parameter "appKeyId" in "path"; expected type "uuid"';
  if (!uuid.test(id)) throw new Refusal(400, detail, { status: "400", title: "Invalid Parameter", detail });
  return id.toLowerCase();
}

function resource(id: string) {
  return { id, type: "app_key_registration" };
}
