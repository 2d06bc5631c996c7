import {
  CustomResource,
  type CustomResourceOptions,
  getProject,
  getStack,
  log,
  type ID,
  type Input,
  type Output,
  secret,
} from "@pulumi/pulumi";
import type { Site } from "./datadog/sites";
import { knowAbsentOutputs } from "./runtime/absent-outputs";
import { keepSecretsOutOfDebugLog } from "./runtime/debug-log";
import { defined } from "./defined";
import { warnOfPlainCredentials } from "./plain-credentials";
import { hidden, nameOr, refuseArguments, refuseLookups } from "./resource-arguments";
import { resourceIdentity } from "./resource-identity";
import { knownWith, notReadYet, refuseUnserved, withoutEffect } from "./resource-options";
import { servingVersion } from "./runtime/installation";
import { shortenStackTraces } from "./runtime/stack-traces";
import { storedProvider } from "./stored-provider";
import { version } from "./version";

keepSecretsOutOfDebugLog();

const type = "pulumi-nodejs:dynamic/datadog:ApplicationKey";

/** The arguments of an {@link ApplicationKey}. A wrong value fails in `pulumi preview`. */
export interface ApplicationKeyArgs {
  /**
   * The key's name in Datadog. A change renames the key in place.
   * @default `<project>-<stack>-<resource name>`
   */
  name?: Input<string | undefined>;
  /**
   * The organisation's site: one of {@link sites}, Datadog's name for it (`US5`), or the address that your browser
   * shows (`https://app.datadoghq.com`). A change replaces the key.
   * @default the configuration's `datadog:site`, else `DD_SITE` or `DATADOG_SITE`, else the site of `datadog:apiUrl`, else `datadoghq.com`
   * @see https://docs.datadoghq.com/getting_started/site/
   */
  site?: Input<Site | (string & {}) | undefined>;
  /**
   * The version of Datadog's API that creates the key. `"v1"` fails on Government sites and in One-Time Read mode,
   * where v1 is disabled. A change replaces the key.
   * @default the configuration's `datadog:apiVersion`, else v1 where it is there and v2 elsewhere
   */
  apiVersion?: Input<"v1" | "v2" | undefined>;
  /**
   * The authorisation scopes that restrict the key, such as `dashboards_read`. Order and repeats do not matter. Needs
   * v2. A change updates the key in place.
   * @default none: the key may do all that its owner may
   * @see https://docs.datadoghq.com/api/latest/scopes/
   */
  scopes?: Input<Input<string>[] | undefined>;
  /**
   * The UUID of the service account that owns the key. Needs v2 and the permission `service_account_write`. A change
   * replaces the key.
   * @default the user whose credentials are used owns it
   */
  serviceAccountId?: Input<string | undefined>;
  /**
   * Any strings, stored as plain text. A change rotates the key: Pulumi creates a new key, updates what depends on it,
   * and revokes the old one.
   * @default none
   */
  keepers?: Input<Record<string, Input<string | undefined>> | undefined>;
  /**
   * Whether a rotation leaves the old key valid until the next one, for programs that read it only when they start. Its
   * name becomes `<name> (previous <id>)` and follows a rename, and it is the output
   * {@link ApplicationKey.previousHash}. A destroy revokes both keys. A change takes effect in place, and turning this off
   * revokes the previous key. A rotation keeps no previous key if the resource has `deleteBeforeReplace`, if `replaceWith`
   * or `replacementTrigger` causes it, or if the key moves to another organisation. Do not rotate with
   * `pulumi up --replace`. It fails, unless `adopt` is `"replace"`.
   * @default false: the old key is revoked at the end of the same run
   */
  keepPrevious?: Input<boolean | undefined>;
  /**
   * Whether the key is registered for Actions API access. Workflow Automation, App Builder and Action Connections need
   * this. Needs v2. A change takes effect in place.
   * @default false
   * @see https://docs.datadoghq.com/account_management/api-app-keys/
   */
  actionsApi?: Input<boolean | undefined>;
  /**
   * What to do if the owner already has a key of that name. `false` fails. `true` takes the key over with its secret.
   * In One-Time Read mode Datadog does not show the secret. There, `{ secret }` takes the key over with the secret you
   * give, which is stored as a secret, and fails if no key has that name, owner and last four characters. `"replace"`
   * creates a new key and revokes the existing one. Has no effect once the key is in the state.
   * @default false
   */
  adopt?: Input<boolean | "replace" | { secret: Input<string> } | undefined>;
  /**
   * The name of a second set of credentials: `"eu"` reads `datadog-eu:apiKey`, `datadog-eu:appKey`, `datadog-eu:site`,
   * `datadog-eu:apiUrl` and no environment variable. A change replaces the key.
   * @default the configuration's `datadog:…` and the environment
   */
  connection?: Input<string | undefined>;
}

/** Where {@link ApplicationKey.get} looks. */
export type ApplicationKeyLookup = Pick<ApplicationKeyArgs, "site" | "connection" | "serviceAccountId">;

/**
 * A Datadog application key. It is created once, kept as a secret, renamed in place, rotated by {@link
 * ApplicationKeyArgs.keepers} and revoked when it is destroyed. Credentials come from the configuration
 * (`datadog:apiKey`, `datadog:appKey`) or the environment (`DD_API_KEY`, `DD_APP_KEY`) and are never stored with the
 * resource.
 *
 * ```ts
 * const ci = new ApplicationKey("ci", { name: "ci-deployer" });
 * export const hash = ci.hash; // shown as [secret]
 * ```
 *
 * The id is never secret. For v2 it is the UUID. For v1 it is `v1-` and the first 20 hex digits of the key's SHA-256.
 * @see https://docs.datadoghq.com/account_management/api-app-keys/
 */
export class ApplicationKey extends CustomResource {
  /** The key's name in Datadog. */
  declare readonly name: Output<string>;
  /**
   * The key itself, 40 characters. Always a secret. Datadog may show it only once, so the state keeps it. Undefined
   * only for {@link ApplicationKey.get} in One-Time Read mode.
   */
  declare readonly hash: Output<string>;
  /** The owner's e-mail, or the handle if there is no e-mail. Undefined if Datadog does not show it. */
  declare readonly owner: Output<string | undefined>;
  /** The site that the key works on. */
  declare readonly site: Output<Site>;
  /** The version of Datadog's API that created the key. */
  declare readonly apiVersion: Output<"v1" | "v2">;
  /** The authorisation scopes, sorted. Undefined if there are none. */
  declare readonly scopes: Output<string[] | undefined>;
  /** The service account that owns the key, if one does. */
  declare readonly serviceAccountId: Output<string | undefined>;
  /** The key's UUID in v2. For a key created through v1, undefined until v2 has been asked for it. */
  declare readonly keyId: Output<string | undefined>;
  /**
   * When the key was created, as RFC 3339. v1 does not show it, so there it is the time on the machine that created the
   * key, and undefined for a key that was adopted or is only read.
   */
  declare readonly createdAt: Output<string | undefined>;
  /** Whether the key is registered for Actions API access: true, or undefined. */
  declare readonly actionsApi: Output<boolean | undefined>;
  /** The UUID of the key's organisation. Undefined until a command has sent a request for the key. */
  declare readonly orgId: Output<string | undefined>;
  /** With {@link ApplicationKeyArgs.keepPrevious}: the id of the key that was in use before the last rotation. */
  declare readonly previousId: Output<string | undefined>;
  /**
   * That key itself. Always a secret. Undefined if there is no previous key, or if it was read in One-Time Read mode.
   */
  declare readonly previousHash: Output<string | undefined>;

  /**
   * @param name the resource's name in the program
   * @param args see {@link ApplicationKeyArgs}
   * @param opts Pulumi's own; `hash` and `previousHash` are secrets in any case. `replaceOnChanges` has no effect on what
   * changes in place: use `keepers`
   * @throws Error if `args` is an Output or a Promise, if `opts` has `import` (for which there are the command
   * `npx pulumi-datadog-application-key import` and {@link ApplicationKeyArgs.adopt}), or a `provider` of another package
   * than `pulumi-nodejs`, or if the program's folder does not find this package by its name
   */
  constructor(name: string, args: ApplicationKeyArgs = {}, opts?: CustomResourceOptions) {
    const served = servingVersion();
    refuseArguments(name, args);
    refuseUnserved(name, opts);
    const onlyRead = opts?.id !== undefined;
    if (onlyRead) refuseLookups(name, args);
    const props = {
      ...outputs,
      ...defined({ ...args, adopt: hidden(args.adopt) }),
      // A resource that is only read has no inputs, so a default name would look like drift.
      ...(!onlyRead && { name: nameOr(args.name, `${getProject()}-${getStack()}-${name}`) }),
      __provider: storedProvider,
      // Another copy of this package will serve the key and may not know an argument. Its check then says what to
      // install.
      ...(served !== undefined && served !== version && { __packageVersion: version }),
      __resource: resourceIdentity(type, name, opts?.parent),
    };
    // The provider marks the secret outputs itself, so they need no option, which every key's state would repeat.
    const options: CustomResourceOptions = { ...opts };
    if (opts?.id !== undefined) {
      const { site, connection, serviceAccountId } = args;
      options.id = knownWith(opts.id, { site, connection, serviceAccountId }, (unknown) => {
        void log.info(notReadYet(unknown), this);
      });
    }
    const restoreStackTraces = shortenStackTraces();
    try {
      super(type, name, props, options);
    } catch (error) {
      restoreStackTraces();
      // Created while stack traces were off.
      if (error instanceof Error) Error.captureStackTrace(error, ApplicationKey);
      throw error;
    } finally {
      restoreStackTraces();
    }
    const idle = withoutEffect(opts);
    if (idle !== undefined) void log.warn(idle, this);
    warnOfPlainCredentials(args.connection, this.getProvider(type));
    const { hash, owner, createdAt, keyId } = this;
    const { scopes, serviceAccountId, actionsApi, orgId, previousId, previousHash } = this;
    knowAbsentOutputs(
      [hash, owner, createdAt, keyId],
      [owner, scopes, serviceAccountId, keyId, createdAt, actionsApi, orgId, previousId, previousHash],
    );
    // The engine marks it as a secret. With mocks (`pulumi.runtime.setMocks`) there is no engine, so it is marked here.
    this.hash = secret(this.hash);
    if (args.keepPrevious !== undefined) this.previousHash = secret(this.previousHash);
  }

  /**
   * Reads an existing key without managing it.
   * @param name the resource's name in the program
   * @param id as another resource has it: v2's UUID, or `v1-…`
   * @param lookup where to look; default: the configuration's site and credentials
   */
  static get(
    name: string,
    id: Input<ID>,
    lookup: ApplicationKeyLookup = {},
    opts?: CustomResourceOptions,
  ): ApplicationKey {
    return new ApplicationKey(name, lookup, { ...opts, id });
  }
}

/** The SDK creates an Output only for the properties it is given. */
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
  actionsApi: undefined,
  orgId: undefined,
  previousId: undefined,
  previousHash: undefined,
} satisfies Record<Exclude<keyof ApplicationKey, keyof CustomResource>, undefined>;
