import * as pulumi from "@pulumi/pulumi";
import type { Site } from "./datadog/sites";
import { keepSecretsOutOfDebugLog } from "./debug-log";
import { shortenStackTraces } from "./stack-traces";
import { storedProvider } from "./stored-provider";

keepSecretsOutOfDebugLog();

/**
 * The arguments of an {@link ApplicationKey}.
 * A wrong value fails in `pulumi preview`, with every fault under its own argument.
 */
export interface ApplicationKeyArgs {
  /**
   * The key's name in Datadog. A change renames the key in place.
   * @default `<project>-<stack>-<resource name>`
   */
  name?: pulumi.Input<string>;
  /**
   * The site that the organisation lives on: one of {@link sites}, or its web host (`app.datadoghq.com`).
   * A change makes a new key.
   * @default the configuration's `datadog:site`, else the variable `DD_SITE`, else `datadoghq.com`
   * @see https://docs.datadoghq.com/getting_started/site/
   */
  site?: pulumi.Input<Site | (string & {})>;
  /**
   * The version of Datadog's API that makes the key. `"v1"` fails where Datadog has disabled it (Government sites,
   * organisations in One-Time Read mode). A change makes a new key.
   * @default the configuration's `datadog:apiVersion`, else v1 where the organisation has it and v2 elsewhere
   */
  apiVersion?: pulumi.Input<"v1" | "v2">;
  /**
   * The authorisation scopes that restrict the key, such as `dashboards_read`: a set, so order and repeats do not
   * matter. Needs v2. A change is made in place.
   * @default none: the key has all the permissions of its owner
   * @see https://docs.datadoghq.com/api/latest/scopes/
   */
  scopes?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The UUID of the service account that owns the key. Needs v2 and the permission `service_account_write`. A change
   * makes a new key.
   * @default the user whose application key is used owns it
   */
  serviceAccountId?: pulumi.Input<string>;
  /**
   * Any strings. A change rotates the key: a new one is made, what depends on it is updated, the old one is revoked.
   * They are kept in the state as plain text.
   * @default none
   */
  keepers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * What to do if a key of that name and owner exists when this one is to be made. `false` fails; `true` takes it over,
   * with its secret; `"replace"` makes a new key and revokes that one, for organisations in One-Time Read mode, where
   * its secret cannot be read back.
   * @default false
   */
  adopt?: pulumi.Input<boolean | "replace">;
  /**
   * The name of a second set of credentials: `"eu"` reads `datadog-eu:apiKey`, `datadog-eu:appKey`, `datadog-eu:site`,
   * `datadog-eu:apiUrl` and no environment variable. A change makes a new key.
   * @default the configuration's `datadog:…` and the environment
   */
  connection?: pulumi.Input<string>;
}

/** Where {@link ApplicationKey.get} looks. */
export type ApplicationKeyLookup = Pick<ApplicationKeyArgs, "site" | "connection" | "serviceAccountId">;

/**
 * A Datadog application key: made once, kept as a secret, renamed in place, rotated by {@link ApplicationKeyArgs.keepers}
 * and revoked when it is destroyed.
 *
 * Credentials come from the configuration (`datadog:apiKey`, `datadog:appKey`) or the environment (`DD_API_KEY`,
 * `DD_APP_KEY`) and never become part of the resource.
 *
 * ```ts
 * const ci = new ApplicationKey("ci", { name: "ci-deployer" });
 * export const hash = ci.hash; // shown as [secret]
 * ```
 *
 * The id is v2's UUID, or for a key that was made through v1 `v1-` and the first 20 hex digits of its SHA-256: never a
 * secret.
 * @see https://docs.datadoghq.com/account_management/api-app-keys/
 */
export class ApplicationKey extends pulumi.CustomResource {
  /** The key's name in Datadog. */
  declare readonly name: pulumi.Output<string>;
  /**
   * The key itself, 40 characters: always a secret. Datadog may show it only once, so the state is where it lives.
   * Undefined only for a key from {@link ApplicationKey.get} in an organisation in One-Time Read mode.
   */
  declare readonly hash: pulumi.Output<string>;
  /** Who owns the key: e-mail, or handle where there is none. Undefined where Datadog will not tell. */
  declare readonly owner: pulumi.Output<string | undefined>;
  /** The site that the key is for. */
  declare readonly site: pulumi.Output<Site>;
  /** The version of Datadog's API that made the key. */
  declare readonly apiVersion: pulumi.Output<"v1" | "v2">;
  /** The authorisation scopes, sorted; undefined where the key is not restricted. */
  declare readonly scopes: pulumi.Output<string[] | undefined>;
  /** The service account that owns the key, where one does. */
  declare readonly serviceAccountId: pulumi.Output<string | undefined>;
  /** v2's UUID of the key, where it is known: for a key made through v1, once v2 has been asked for it. */
  declare readonly keyId: pulumi.Output<string | undefined>;
  /** When the key was made, as RFC 3339, where it is known: v1 does not tell. */
  declare readonly createdAt: pulumi.Output<string | undefined>;

  /**
   * @param name the resource's name in the program
   * @param args see {@link ApplicationKeyArgs}
   * @param opts Pulumi's own; more names of secret outputs may be given, `hash` is one in any case
   */
  constructor(name: string, args: ApplicationKeyArgs = {}, opts?: pulumi.CustomResourceOptions) {
    // A resource that is only read has no inputs of its own: a default name would look like drift.
    const defaults = opts?.id === undefined ? { name: `${pulumi.getProject()}-${pulumi.getStack()}-${name}` } : {};
    const props = { ...outputs, ...defaults, ...definedOf(args), __provider: storedProvider() };
    const options = pulumi.mergeOptions(opts, { additionalSecretOutputs: ["hash"] });
    const restoreStackTraces = shortenStackTraces();
    try {
      super("pulumi-nodejs:dynamic/datadog:ApplicationKey", name, props, options);
    } catch (error) {
      restoreStackTraces();
      // It has been made without one.
      if (error instanceof Error) Error.captureStackTrace(error, ApplicationKey);
      throw error;
    } finally {
      restoreStackTraces();
    }
    // The engine makes it a secret; where there is none, as under `pulumi.runtime.setMocks`, it is one all the same.
    this.hash = pulumi.secret(this.hash);
  }

  /**
   * Reads a key that exists already, without managing it.
   * @param name the resource's name in the program
   * @param id v2's UUID, or a v1 fingerprint as the id of another resource has it
   * @param lookup where to look; default: the configuration's site and credentials
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    lookup: ApplicationKeyLookup = {},
    opts?: pulumi.CustomResourceOptions,
  ): ApplicationKey {
    return new ApplicationKey(name, lookup, { ...opts, id });
  }
}

/** The SDK makes an Output for each property that it is given, and only for those. */
const outputs = {
  name: undefined,
  hash: undefined,
  owner: undefined,
  site: undefined,
  apiVersion: undefined,
  scopes: undefined,
  serviceAccountId: undefined,
  keyId: undefined,
  createdAt: undefined,
};

/** Arguments that are given as `undefined` count as not given. */
function definedOf(args: ApplicationKeyArgs): ApplicationKeyArgs {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
