import type {
  CheckResult,
  ConfigureRequest,
  CreateResult,
  DiffResult,
  ReadResult,
  ResourceProvider,
  UpdateResult,
} from "@pulumi/pulumi/dynamic";
import type { Clock } from "../datadog/clock";
import { defined } from "../defined";
import {
  type Environment,
  type ReadConfig,
  actualSite,
  configuredApiVersion,
  credentialsFingerprintOf,
  readSettings,
} from "../settings";
import { keyOfAnotherResource, willRevokeItself } from "./model/errors";
import type { CheckedInputs } from "./model/inputs";
import type { KeyState } from "./model/state";
import { previousOf } from "./model/replaced-keys";
import { resourceOf } from "./model/resource";
import { withSecretInputs, withSecrets } from "./model/mark-secrets";
import { type StoredKey, hasSecret } from "./model/stored-key";
import type { Command, CredentialsChoice } from "./observing/command";
import type { OrganisationCache } from "./observing/organisation-cache";
import { type RawInputs, checkInputs } from "./offline/check";
import { duplicateNames } from "./offline/duplicate-names";
import { diffKey } from "./offline/diff";
import { foreignArguments } from "./offline/unknown-arguments";
import { Ledger } from "./run/ledger";
import { OwnWrites } from "./run/own-writes";

/** The provider's dependencies. Tests replace them. */
export interface ProviderDependencies {
  readonly env: Environment;
  /** Shows the user a line. */
  readonly tell: (line: string) => void;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Fires when the user interrupts the command. All waits end, and pending requests finish. */
  readonly interruption?: AbortSignal;
  /** Time limit for one answer from Datadog. Default: 30 s. */
  readonly timeoutMs?: number;
}

/** The methods of a ResourceProvider that the engine calls, all of them required. */
export type Provider = Required<
  Pick<ResourceProvider<RawInputs, KeyState>, "configure" | "check" | "diff" | "create" | "read" | "update" | "delete">
>;

interface Checked {
  readonly inputs: CheckedInputs;
  readonly failures?: CheckResult["failures"];
}

/** Loaded when it is first needed. A preview without changes only checks and compares. */
const loadOnline = () => import("./online.js");

/** The lifecycle of keys. */
export function createProvider(dependencies: ProviderDependencies): Provider {
  const writes = new OwnWrites();
  const ledger = new Ledger(writes);
  const told = new Set<string>();
  const toldLeaks = new Set<string>();
  let organisations: OrganisationCache | undefined;
  let readConfig: ReadConfig = () => undefined;
  /** Whether the command runs a program. Only then does the engine check keys, or read without a state. */
  let hasProgram = false;

  const command: Command = {
    ledger,
    writes,
    async organisationOf(credentials) {
      const { OrganisationCache, lastConfiguration } = await loadOnline();
      organisations ??= new OrganisationCache(dependencies, writes);
      return organisations.of(credentials, readConfig, hasProgram ? undefined : lastConfiguration);
    },
    tellOnce(line, { site }) {
      tellOnce(`${line} (${site})`);
    },
  };

  function tellOnce(line: string): void {
    if (told.has(line)) return;
    told.add(line);
    dependencies.tell(line);
  }

  /** Runs a task with a set of credentials, explains the first refusal of a run, and warns of leaked keys. */
  async function withExplanations<T>(
    about: CredentialsChoice & { readonly name?: string },
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      const done = await work();
      await tellOfLeaks(about);
      return done;
    } catch (error) {
      const { explainRefusal } = await loadOnline();
      const organisation = await command.organisationOf(about);
      throw await explainRefusal(error, { organisation, key: about.name, withoutProgram: !hasProgram });
    }
  }

  /** Warns about keys of the state that Datadog has found in public. */
  async function tellOfLeaks(credentials: CredentialsChoice): Promise<void> {
    const { leaked } = await loadOnline();
    const organisation = await command.organisationOf(credentials);
    for (const leak of organisation.leaks.values()) {
      const role = toldLeaks.has(leak.id) ? undefined : ledger.roleOf(leak.id);
      if (!role) continue;
      // One answer may say more about a leak than another.
      toldLeaks.add(leak.id);
      command.tellOnce(leaked(leak, role), organisation);
    }
  }

  /** Checked inputs, plus the configured version if the program sets none. */
  function withConfiguredVersion(news: RawInputs): CheckedInputs {
    const inputs = news as unknown as CheckedInputs;
    const apiVersion = inputs.apiVersion ?? configuredApiVersion(inputs.connection, readConfig);
    return { ...inputs, ...defined({ apiVersion: apiVersion as "v1" | "v2" | undefined }) };
  }

  /** Warns that a replaced key is the credential in use, which cannot revoke itself. */
  function warnOfCredential(stored: StoredKey): void {
    const { state } = stored;
    const { settings } = readSettings(state, readConfig, dependencies.env);
    if (settings && hasSecret(stored, settings.appKey))
      tellOnce(`${willRevokeItself(state.name, settings.names.appKey)} (${state.site})`);
  }

  /** Converts what an earlier version stored. */
  function upgraded<S extends Partial<KeyState>>(state: S): S {
    return state.site === undefined
      ? state
      : { ...state, site: actualSite({ ...state, site: state.site }, readConfig, dependencies.env) };
  }

  return {
    // The engine's plugin does not wait for this call, so everything must happen synchronously.
    configure({ config }: ConfigureRequest): Promise<void> {
      readConfig = (key) => {
        // The inputs of an explicit provider may have any type.
        const value: unknown = config.get(key);
        return typeof value === "string" || value === undefined ? value : JSON.stringify(value);
      };
      return Promise.resolve();
    },

    check(olds: RawInputs | undefined, news: RawInputs): Promise<CheckResult> {
      hasProgram = true;
      foreignArguments(news).forEach(tellOnce);
      const { inputs, failures = [] } = checkInputs(news, readConfig, dependencies.env, olds) as Checked;
      const { settings } = readSettings(inputs, readConfig, dependencies.env);
      const checked = { ...inputs, ...(settings && { __credentials: credentialsFingerprintOf(settings) }) };
      const duplicates = duplicateNames(ledger, ledger.recordCheck(olds ?? {}, checked));
      return Promise.resolve({ inputs: withSecretInputs(checked), failures: [...failures, ...duplicates] });
    },

    async diff(id: string, olds: KeyState, news: RawInputs): Promise<DiffResult> {
      const state = upgraded(olds);
      const inputs = withConfiguredVersion(news);
      const result = diffKey(state, inputs);
      const otherHolder = ledger.recordDiff({ id, state }, inputs, (result.replaces ?? []).length > 0);
      if (otherHolder) {
        const { showErrorOnce } = await loadOnline();
        return showErrorOnce(`comparing application key ${id}`)(
          keyOfAnotherResource({ id, state }, resourceOf(inputs), otherHolder.resource),
        );
      }
      if ((result.replaces ?? []).length > 0 && !inputs.keepPrevious) warnOfCredential({ id, state });
      // The update drops a previous key that another resource has adopted.
      const previous = previousOf({ id, state });
      return previous && ledger.holderOf(previous) ? { ...result, changes: true } : result;
    },

    async create(news: RawInputs): Promise<CreateResult> {
      const { createKey } = await import("./operations/create.js");
      const inputs = withConfiguredVersion(news);
      return withExplanations(inputs, async () => {
        const { id, state } = await createKey(command, inputs).catch(keepUnfinished(news));
        return { id, outs: withSecrets(state) };
      });
    },

    async read(id: string, props: Partial<KeyState> = {}): Promise<ReadResult> {
      const [{ showErrorOnce }, { readKey }] = await Promise.all([loadOnline(), import("./operations/read.js")]);
      const known = upgraded(props);
      // `ApplicationKey.get` reads keys outside the stack, so it says nothing about the stack.
      const isManaged = known.name !== undefined && !known.__get;
      hasProgram ||= !isManaged;
      if (isManaged) ledger.recordState({ id, state: known as KeyState });
      return withExplanations(known, async () => {
        const read = await readKey(command, id, known);
        if (read.state === undefined) return { id: read.id };
        if (isManaged) ledger.recordRead({ id: read.id, state: read.state });
        return { id: read.id, props: withSecrets(read.state), inputs: read.inputs };
      }).catch(
        showErrorOnce(`reading ${isManaged ? `application key ${id}` : "an application key"}`),
      ) as Promise<ReadResult>;
    },

    async update(id: string, olds: KeyState, news: RawInputs): Promise<UpdateResult> {
      const { updateKey } = await import("./operations/update.js");
      const state = upgraded(olds);
      return withExplanations(state, async () => {
        const outs = await updateKey(command, { id, state }, withConfiguredVersion(news)).catch(keepUnfinished(news));
        return { outs: withSecrets(outs) };
      });
    },

    async delete(id: string, olds: KeyState): Promise<void> {
      const [{ showErrorOnce }, { deleteResource }] = await Promise.all([
        loadOnline(),
        import("./operations/delete.js"),
      ]);
      const state = upgraded(olds);
      ledger.recordState({ id, state });
      await withExplanations(state, () => deleteResource(command, { id, state })).catch(
        showErrorOnce(`revoking application key ${id}`),
      );
    },
  };

  /**
   * Makes the engine keep a key with unfinished work. The SDK adds the provider's text only to successful results, and
   * loads the provider from there for the next call.
   */
  function keepUnfinished(news: RawInputs): (error: unknown) => Promise<never> {
    return async (error) => {
      const { Unfinished } = await loadOnline();
      if (!(error instanceof Unfinished)) throw error;
      const { id, properties, message, cause } = error;
      const { __provider } = news;
      throw new Unfinished(id, { ...withSecrets(properties), __provider }, message, { cause });
    };
  }
}
