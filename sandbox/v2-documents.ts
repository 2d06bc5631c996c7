import type { KeyLeak, SandboxKey, SandboxUser } from "./types";

/** How much of a key an answer shows. Each route says which. */
export interface Shown {
  secret?: boolean;
  owner?: boolean;
  /** The answer to the key's creation. */
  creation?: boolean;
  /** Times without fractions, as the Terraform provider expects them of service accounts' keys. */
  wholeSeconds?: boolean;
}

/** A key as a JSON:API resource, with the fields of Datadog's recorded answers. */
export function keyResource(key: SandboxKey, shown: Shown) {
  return {
    type: "application_keys",
    id: key.id,
    attributes: {
      name: key.name,
      created_at: createdAt(key, shown),
      last4: key.last4,
      ...(shown.secret && { key: key.key }),
      scopes: key.scopes,
      ...(!shown.creation && { last_used_at: key.lastUsedAt }),
    },
    relationships: {
      ...(shown.owner && { owned_by: { data: { type: "users", id: key.ownerId } } }),
      leak_information: { data: key.leak && { type: "leaked_keys", id: key.leak.id } },
    },
  };
}

/** As recorded: the answer to a create may be a microsecond earlier than later answers. Here it always is. */
function createdAt({ createdAt: time }: SandboxKey, { creation, wholeSeconds }: Shown): string {
  if (wholeSeconds) return time.replace(/\.\d+\+00:00$/, "Z");
  return creation ? time.replace(/(?<=\.)\d{6}/, before) : time;
}

function before(microseconds: string): string {
  return String(Math.max(0, Number(microseconds) - 1)).padStart(6, "0");
}

/** The place where a key was found, as a JSON:API resource. */
export function leakResource({ id, date, source }: KeyLeak) {
  return { type: "leaked_keys", id, attributes: { date, leak_source: source } };
}

/**
 * A user or service account as a JSON:API resource.
 * @param orgId for the answers that tell the user's organisation
 */
export function userResource(user: SandboxUser, orgId?: string) {
  return {
    type: "users",
    id: user.id,
    attributes: {
      ...(orgId !== undefined && { uuid: user.id }),
      name: user.name,
      handle: user.handle,
      created_at: user.createdAt,
      modified_at: user.createdAt,
      email: user.email,
      icon: "",
      title: null,
      verified: true,
      service_account: user.serviceAccount,
      disabled: user.disabled,
      allowed_login_methods: [],
      status: user.disabled ? "Disabled" : "Active",
    },
    relationships: {
      roles: { data: [] },
      ...(orgId !== undefined && { org: { data: { type: "orgs", id: orgId } }, team_roles: { data: [] } }),
    },
  };
}
