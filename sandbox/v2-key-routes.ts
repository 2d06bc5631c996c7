import { refuseToken, requirePermission } from "./authenticate";
import { attributesOf, nameOf } from "./body";
import type { Organisation } from "./organisation";
import { selectPage } from "./paging";
import { badRequest, keyNotFound, Refusal } from "./refusal";
import { type Call, ok, type Route, route } from "./route";
import { parseScopes } from "./scopes";
import type { Permission, SandboxKey, SandboxUser } from "./types";
import { keyResource, leakResource, userResource, type Shown } from "./v2-documents";

const limit = "v2_application_keys";

/** One of v2's three groups of key endpoints. They differ only in whose keys they cover and what they show. */
interface Collection {
  template: string;
  /** The owner of the keys, or undefined for all users. Refuses callers who may not see them. */
  owner(call: Call, access: "read" | "write"): SandboxUser | undefined;
  /** Whether this group can create keys. */
  creates: boolean;
  /** What the answers to get and edit show. One-Time Read removes the secret from each. */
  one: Shown;
  wholeSeconds: boolean;
  /** Whether lists show owners without `include=owned_by`. */
  listsOwner: boolean;
  /** Whether get shows the owner without `include=owned_by`. */
  includesOwner: boolean;
}

export function v2KeyRoutes(organisation: Organisation, oneTimeRead: () => boolean): readonly Route[] {
  return collections(organisation).flatMap((collection) => routesOf(collection, organisation, oneTimeRead));
}

function collections(organisation: Organisation): readonly Collection[] {
  const allowed = ({ caller }: Call, permission: Permission): SandboxUser => {
    requirePermission(caller, permission);
    return caller.user;
  };
  return [
    {
      template: "/api/v2/current_user/application_keys",
      owner: (call) => allowed(call, "user_app_keys"),
      creates: true,
      one: { secret: true, owner: true },
      wholeSeconds: false,
      listsOwner: false,
      includesOwner: true,
    },
    {
      template: "/api/v2/application_keys",
      owner(call, access) {
        allowed(call, access === "read" ? "org_app_keys_read" : "org_app_keys_write");
        return undefined;
      },
      creates: false,
      one: { owner: true },
      wholeSeconds: false,
      listsOwner: true,
      includesOwner: false,
    },
    {
      template: "/api/v2/service_accounts/{service_account_id}/application_keys",
      // Datadog's reference requires this permission for reading too, not only for changes.
      owner(call) {
        allowed(call, "service_account_write");
        const account = organisation.users.find(({ id }) => id === call.params["service_account_id"]);
        if (!account?.serviceAccount) throw accountNotFound();
        return account;
      },
      creates: true,
      one: {},
      wholeSeconds: true,
      listsOwner: false,
      includesOwner: false,
    },
  ];
}

function routesOf(collection: Collection, organisation: Organisation, oneTimeRead: () => boolean): Route[] {
  const one = `${collection.template}/{app_key_id}`;

  const find = (call: Call, access: "read" | "write"): SandboxKey => {
    const owner = collection.owner(call, access);
    const id = call.params["app_key_id"] ?? "";
    const key = access === "read" ? organisation.keyToRead(id) : organisation.key(id);
    // Someone else's key is treated as missing.
    if (owner && key.ownerId !== owner.id) throw keyNotFound();
    return key;
  };
  const show = (key: SandboxKey, shown: Shown) => keyResource(key, { ...shown, wholeSeconds: collection.wholeSeconds });
  /** The included objects of an answer: owners if requested, and always the places of leaks. */
  const included = (keys: SandboxKey[], owners: boolean) => {
    const ids = new Set(keys.map(({ ownerId }) => ownerId));
    const leaks = keys.flatMap(({ leak }) => (leak ? leakResource(leak) : []));
    if (!owners) return leaks.length > 0 && { included: leaks };
    return {
      included: [...organisation.users.filter(({ id }) => ids.has(id)).map((user) => userResource(user)), ...leaks],
    };
  };
  const shown = (): Shown => ({ ...collection.one, secret: collection.one.secret === true && !oneTimeRead() });

  const routes = [
    route("GET", collection.template, limit, (call) => {
      const owner = collection.owner(call, "read");
      const include = wantsOwner(call);
      const visible = organisation.keysToRead().filter((key) => !owner || key.ownerId === owner.id);
      const { page, total } = selectPage(visible, call.query);
      const data = page.map((key) => show(key, { owner: collection.listsOwner || include }));
      const meta = { page: { total_filtered_count: total }, max_allowed_per_user: organisation.keysPerUser ?? 1000 };
      return ok({ data, ...included(page, include), meta });
    }),
    route("GET", one, limit, (call) => {
      const key = find(call, "read");
      const include = wantsOwner(call);
      const data = show(key, { ...shown(), owner: collection.one.owner ?? include });
      return ok({ data, ...included([key], include || collection.includesOwner) });
    }),
    route("PATCH", one, limit, (call) => {
      refuseToken(call.caller);
      const key = find(call, "write");
      const attributes = attributesOf(call.body, "application_keys", key.id);
      const edited = organisation.editKey(key, {
        ...("name" in attributes && { name: nameOf(attributes) }),
        ...("scopes" in attributes && { scopes: parseScopes(attributes["scopes"]) }),
      });
      return ok({ data: show(edited, shown()), ...included([edited], false) });
    }),
    route("DELETE", one, limit, (call) => {
      organisation.deleteKey(find(call, "write"));
      return { status: 204 };
    }),
  ];
  if (!collection.creates) return routes;
  const create = route("POST", collection.template, limit, (call) => {
    refuseToken(call.caller);
    const owner = collection.owner(call, "write") ?? call.caller.user;
    if (owner.disabled) throw accountNotFound();
    const attributes = attributesOf(call.body, "application_keys");
    const scopes = parseScopes(attributes["scopes"]);
    const key = organisation.createKey({ name: nameOf(attributes), scopes, owner: owner.id });
    // The only answer with the secret in every mode and for every owner.
    return { status: 201, body: { data: show(key, { creation: true, secret: true, owner: true }) } };
  });
  return [create, ...routes];
}

const accountNotFound = () => new Refusal(404, "Service account not found");

function wantsOwner({ query }: Call): boolean {
  const include = query.get("include");
  if (include !== null && include !== "owned_by") throw badRequest('include must be "owned_by"');
  return include !== null;
}
