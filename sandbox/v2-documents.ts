import type { SandboxKey, SandboxUser } from "./types";

/** How much of a key an answer shows; see each route for which. */
export interface Shown {
  secret?: boolean;
  owner?: boolean;
}

/** A key as a JSON:API resource. Field for field what Datadog's recorded answers have. */
export function keyResource(key: SandboxKey, shown: Shown) {
  return {
    type: "application_keys",
    id: key.id,
    attributes: {
      name: key.name,
      created_at: key.createdAt,
      last4: key.last4,
      ...(shown.secret && { key: key.key }),
      scopes: key.scopes,
    },
    relationships: {
      ...(shown.owner && { owned_by: { data: { type: "users", id: key.ownerId } } }),
      leak_information: { data: null },
    },
  };
}

/** A user or service account as a JSON:API resource. */
export function userResource(user: SandboxUser) {
  return {
    type: "users",
    id: user.id,
    attributes: {
      name: user.name,
      handle: user.handle,
      created_at: user.createdAt,
      modified_at: user.createdAt,
      email: user.email,
      icon: "",
      title: null,
      verified: true,
      service_account: user.serviceAccount,
      disabled: false,
      allowed_login_methods: [],
      status: "Active",
    },
    relationships: { roles: { data: [] } },
  };
}
