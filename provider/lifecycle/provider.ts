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
import { type Environment, type ReadConfig, actualSite, configuredApiVersion, readSettings } from "../settings";
import { AskedNames } from "./offline/asked-names";
import { type RawInputs, checkInputs } from "./offline/check";
import { foreignArguments } from "./offline/unknown-arguments";
import { Plan } from "./engine/plan";
import { diffKey } from "./offline/diff";
import type { Organisation } from "./finding/organisation";
import type { CheckedInputs, KeyState } from "./model/properties";
import type { StoredKey } from "./model/stored-key";

/** What a provider takes from the world, so that tests can bring their own. */
export interface World {
  readonly env: Environment;
  /** Shows the user a line. */
  readonly tell: (line: string) => void;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Fires when the user wants the command to end: nobody waits from then on. Requests under way are finished. */
  readonly interruption?: AbortSignal;
  /** Time for one answer of Datadog's. Default: 30 s. */
  readonly timeoutMs?: number;
}

/** What the engine calls: the methods of a ResourceProvider, all of them there. */
export type Provider = Required<
  Pick<ResourceProvider<RawInputs, KeyState>, "configure" | "check" | "diff" | "create" | "read" | "update" | "delete">
>;

/** Loaded when it is first needed: a preview without changes only checks and compares. */
const sending = () => import("./loaded-late.js");

/** The lifecycle of keys. */
export function createProvider(world: World): Provider {
  const plan = new Plan();
  const organisations = new Map<string, Promise<Organisation>>();
  const askedNames = new AskedNames();
  const told = new Set<string>();
  let readConfig: ReadConfig = () => undefined;
  /** Only a command that runs the program has anything checked. */
  let checked = false;

  function organisationOf({ site, connection }: Pick<KeyState, "connection"> & { site?: string }) {
    const name = JSON.stringify([site, connection]);
    const organisation = organisations.get(name) ?? connect(site, connection);
    organisations.set(name, organisation);
    return organisation;
  }

  async function connect(site: string | undefined, connection: string | undefined): Promise<Organisation> {
    const { LifecycleError, Organisation, answerTimeoutMs, interruptible, lastConfiguration, requestLog, systemClock } =
      await sending();
    const { settings, faults } = readSettings({ site, connection }, readConfig, world.env);
    // Delete and read get no check, and the configuration may have changed since the key was made.
    if (!settings) {
      const reasons = faults.map((fault) => fault.reason).join("; ");
      throw new LifecycleError(checked ? reasons : `${reasons}. ${lastConfiguration}`);
    }
    const tell = (line: string) => {
      world.tell(`${line} (${settings.site})`);
    };
    const clock = world.clock ?? systemClock;
    const options = {
      ...settings,
      timeoutMs: world.timeoutMs ?? answerTimeoutMs,
      clock: world.interruption ? interruptible(clock, world.interruption) : clock,
      tell,
      ...defined({ log: requestLog(world.env["DATADOG_APPLICATION_KEY_LOG"], tell) }),
    };
    return new Organisation(settings.site, options, (id) => plan.knows(id));
  }

  /** Has the first refusal of a run say more than that. */
  const explained = (where: Parameters<typeof organisationOf>[0]) => async (error: unknown) => {
    const { explainRefusal } = await sending();
    const { settings } = readSettings(where, readConfig, world.env);
    if (!settings) throw error;
    const { apiUrl, names } = settings;
    const organisation = await organisationOf(where);
    throw await explainRefusal(error, { organisation, apiUrl, names, withoutProgram: !checked });
  };

  async function tellOfLeaks(where: Parameters<typeof organisationOf>[0]): Promise<void> {
    (await organisationOf(where)).tellOfLeaks((id) => plan.roleOf(id));
  }

  function tellOnce(line: string): void {
    if (told.has(line)) return;
    told.add(line);
    world.tell(line);
  }

  /** Checked inputs, with the version that the configuration asks for where the program leaves it out. */
  function complete(news: RawInputs): CheckedInputs {
    const inputs = news as unknown as CheckedInputs;
    const apiVersion = inputs.apiVersion ?? configuredApiVersion(inputs.connection, readConfig);
    return { ...inputs, ...defined({ apiVersion: apiVersion as "v1" | "v2" | undefined }) };
  }

  return {
    // The engine's plugin does not wait for this before it uses the provider: it must all happen at once.
    configure({ config }: ConfigureRequest): Promise<void> {
      readConfig = (key) => config.get(key);
      return Promise.resolve();
    },

    check(olds: RawInputs | undefined, news: RawInputs): Promise<CheckResult> {
      checked = true;
      foreignArguments(news).forEach(tellOnce);
      const result = checkInputs(news, readConfig, world.env, olds);
      const inputs = result.inputs as RawInputs;
      plan.checked(olds, inputs);
      const twice = askedNames.check(olds ?? {}, inputs);
      if (twice && !twice.surely) world.tell(twice.message);
      const more = twice?.surely ? [{ property: "name", reason: twice.message }] : [];
      return Promise.resolve({ ...result, failures: [...(result.failures ?? []), ...more] });
    },

    diff(id: string, olds: KeyState, news: RawInputs): Promise<DiffResult> {
      const site = actualSite(olds, readConfig, world.env);
      const result = diffKey({ ...olds, site }, complete(news));
      const replaced = (result.replaces ?? []).length > 0;
      plan.diffed({ id, state: olds }, news, replaced);
      askedNames.compared(news, replaced);
      return Promise.resolve(result);
    },

    async create(news: RawInputs): Promise<CreateResult> {
      const { createKey } = await sending();
      const creation = plan.creates(news);
      const inputs = complete(news);
      const work = async () => createKey({ organisation: await organisationOf(inputs), plan, creation }, inputs);
      const created = await work()
        .catch(explained(inputs))
        .catch((error: unknown) => {
          if (isPartial(error)) plan.made({ id: error.id, state: error.properties }, creation);
          return keepingProvider(news)(error);
        });
      plan.made({ id: created.id, state: created.outs }, creation);
      await tellOfLeaks(inputs);
      return created;
    },

    async read(id: string, props: KeyState | undefined): Promise<ReadResult> {
      const { readKey, shownOnce } = await sending();
      if (props) plan.sees({ id, state: props });
      const read = await organisationOf(props ?? {})
        .then((organisation) => readKey(organisation, id, props))
        .catch(explained(props ?? {}))
        .catch(shownOnce(`reading application key ${id}`));
      if (read.id) plan.sees({ id: read.id, state: read.props as KeyState });
      await tellOfLeaks(props ?? {});
      return read;
    },

    async update(id: string, olds: KeyState, news: RawInputs): Promise<UpdateResult> {
      const { updateKey } = await sending();
      const work = async () =>
        updateKey({ organisation: await organisationOf(olds), plan }, { id, state: olds }, complete(news));
      const outs = await work().catch(explained(olds)).catch(keepingProvider(news));
      plan.changed({ id, state: outs });
      await tellOfLeaks(olds);
      return { outs };
    },

    async delete(id: string, state: KeyState): Promise<void> {
      const { deleteResource, shownOnce } = await sending();
      const stored: StoredKey = { id, state };
      plan.sees(stored);
      const revoke = async () =>
        deleteResource({ organisation: await organisationOf(state), plan }, stored, world.tell);
      await revoke()
        .then(() => {
          plan.deleted(stored);
        })
        .catch(explained(state))
        .catch(shownOnce(`revoking application key ${id}`));
    },
  };
}

/** A failure that leaves something in the state. */
type PartlyDone = Error & { readonly id: string; readonly properties: KeyState };

// By its shape: its class comes with what is loaded late.
function isPartial(error: unknown): error is PartlyDone {
  return error instanceof Error && "properties" in error && typeof error.properties === "object";
}

/**
 * Has a failure that leaves something in the state name the provider there: the SDK adds it to what succeeds only, and
 * loads it from there for whatever comes next.
 */
function keepingProvider({ __provider }: RawInputs): (error: unknown) => never {
  return (error) => {
    if (isPartial(error)) Object.assign(error, { properties: { ...error.properties, __provider } });
    throw error;
  };
}
