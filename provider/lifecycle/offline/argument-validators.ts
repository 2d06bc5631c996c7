import { looksLikeKey, shown } from "../../datadog/keys";
import type { KeyInputs } from "../model/inputs";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is wrong with a value of each argument, if anything. Not called for missing or unknown values. */
export const validators = {
  name: (value: unknown) => {
    if (typeof value !== "string") return "must be a string";
    return value.trim() === "" ? "must not be empty: Datadog shows it in its list of keys" : undefined;
  },
  site: (value: unknown) => (typeof value === "string" ? undefined : "must be a string"),
  apiVersion: (value: unknown) => (value === "v1" || value === "v2" ? undefined : 'must be "v1" or "v2"'),
  scopes: (value: unknown) => {
    if (!Array.isArray(value) || !value.every((scope) => typeof scope === "string" && scope.trim() !== ""))
      return "must be a list of authorisation scopes, such as dashboards_read";
    const id = (value as string[]).find((scope) => uuid.test(scope.trim()));
    if (id !== undefined) return `${shown(id)} is a permission's id: give its name, such as dashboards_read`;
    const several = (value as string[]).find((scope) => /[\s,;]/.test(scope));
    return several && `${shown(several)} is not the name of one scope: give each by itself, without blanks`;
  },
  serviceAccountId: (value: unknown) =>
    typeof value === "string" && uuid.test(value)
      ? undefined
      : "must be the UUID of a service account, as in 00000000-0000-0000-0000-000000000000",
  keepers: (value: unknown) =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((keeper) => typeof keeper === "string")
      ? undefined
      : "must be an object whose values are strings",
  keepPrevious: (value: unknown) => (typeof value === "boolean" ? undefined : "must be true or false"),
  actionsApi: (value: unknown) => (typeof value === "boolean" ? undefined : "must be true or false"),
  adopt: (value: unknown) => {
    if (typeof value === "boolean" || value === "replace") return undefined;
    if (typeof value !== "object" || value === null || !("secret" in value))
      return 'must be true, false, "replace", or { secret } with the key itself';
    return typeof value.secret === "string" && looksLikeKey(value.secret)
      ? undefined
      : "has a secret that is no application key: those have 40 characters, which Datadog shows when the key is made";
  },
  connection: (value: unknown) =>
    typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(value)
      ? undefined
      : 'must be a name of letters, digits, "-" and "_": "eu" reads datadog-eu:apiKey',
} satisfies Record<keyof KeyInputs, (value: unknown) => string | undefined>;
