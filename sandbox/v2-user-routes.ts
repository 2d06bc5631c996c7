import { requirePermission } from "./authenticate";
import { attributesOf } from "./body";
import type { Organisation } from "./organisation";
import { badRequest, Refusal } from "./refusal";
import { type Call, ok, type Route, route } from "./route";
import type { SandboxUser } from "./types";
import { userResource } from "./v2-documents";

const limit = "users";

/** Users and service accounts. Creating one needs no restart of the sandbox. */
export function v2UserRoutes(organisation: Organisation): readonly Route[] {
  return [
    route("GET", "/api/v2/current_user", limit, ({ caller }) =>
      ok({ data: userResource(caller.user, organisation.id) }),
    ),
    route("GET", "/api/v2/users/{user_id}", limit, ({ caller, params }) => {
      requirePermission(caller, "user_access_read");
      return ok({ data: userResource(find(organisation, params), organisation.id) });
    }),
    route("DELETE", "/api/v2/users/{user_id}", limit, ({ caller, params }) => {
      requirePermission(caller, "user_access_manage", "service_account_write");
      const user = find(organisation, params);
      if (!user.serviceAccount) requirePermission(caller, "user_access_manage");
      organisation.disable(user);
      return { status: 204 };
    }),
    route("POST", "/api/v2/service_accounts", limit, ({ caller, body }) => {
      requirePermission(caller, "service_account_write");
      const { email, name, service_account: serviceAccount } = attributesOf(body, "users");
      if (typeof email !== "string" || !email.includes("@")) throw badRequest("email must be an e-mail address");
      if (serviceAccount !== true) throw badRequest("service_account must be true");
      const user = organisation.addUser({ email, serviceAccount, ...(typeof name === "string" && { name }) });
      return { status: 201, body: { data: userResource(user, organisation.id) } };
    }),
  ];
}

function find(organisation: Organisation, params: Call["params"]): SandboxUser {
  const user = organisation.user(params["user_id"] ?? "");
  if (!user) throw new Refusal(404, "User not found");
  return user;
}
