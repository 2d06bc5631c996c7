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
import { type Environment, type ReadConfig, configuredApiVersion, readSettings } from "../settings";
import { type RawInputs, checkInputs } from "./offline/check";
import { Decisions } from "./engine/plan";
import { diffKey } from "./offline/diff";
import type { StoredKey } from "./finding/locate";
import type { Organisation } from "./finding/organisation";
import type { CheckedInputs, KeyState } from "./model/properties";

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

const answerTimeoutMs = 30_000;

/** Loaded when it is first needed: a preview without changes only checks and compares. */
const sending = () => import("./loaded-late.js");

/** The lifecycle of keys. */
export function createProvider(world: World): Provider {
  const decisions = new Decisions();
  const organisations = new Map<string, Promise<Organisation>>();
  let readConfig: ReadConfig = () => undefined;

  function organisationOf({ site, connection }: Pick<KeyState, "connection"> & { site?: string }) {
    const name = JSON.stringify([site, connection]);
    const organisation = organisations.get(name) ?? connect(site, connection);
    organisations.set(name, organisation);
    return organisation;
  }

  async function connect(site: string | undefined, connection: string | undefined): Promise<Organisation> {
    const { LifecycleError, Organisation, interruptible, systemClock } = await sending();
    const { settings, faults } = readSettings({ site, connection }, readConfig, world.env);
    // Delete and read get no check, and the configuration may have changed since the key was made.
    if (!settings) throw new LifecycleError(faults.map((fault) => fault.reason).join("; "));
    const clock = world.clock ?? systemClock;
    return new Organisation(settings.site, {
      ...settings,
      timeoutMs: world.timeoutMs ?? answerTimeoutMs,
      clock: world.interruption ? interruptible(clock, world.interruption) : clock,
      tell: (line) => {
        world.tell(`${line} (${settings.site})`);
      },
    });
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
      decisions.checked(olds?.["name"]);
      return Promise.resolve(checkInputs(news, readConfig, world.env, olds));
    },

    diff(id: string, olds: KeyState, news: RawInputs): Promise<DiffResult> {
      const result = diffKey(olds, complete(news));
      decisions.diffed({ id, state: olds }, (result.replaces ?? []).length > 0);
      return Promise.resolve(result);
    },

    async create(news: RawInputs): Promise<CreateResult> {
      const inputs = complete(news);
      const { createKey } = await sending();
      return createKey({ organisation: await organisationOf(inputs), decisions }, inputs);
    },

    async read(id: string, props: KeyState | undefined): Promise<ReadResult> {
      const { readKey, shownOnce } = await sending();
      return organisationOf(props ?? {})
        .then((organisation) => readKey(organisation, id, props))
        .catch(shownOnce(`reading application key ${id}`));
    },

    async update(id: string, olds: KeyState, news: RawInputs): Promise<UpdateResult> {
      const { updateKey } = await sending();
      const outs = await updateKey(await organisationOf(olds), { id, state: olds }, news as unknown as CheckedInputs);
      return { outs };
    },

    async delete(id: string, state: KeyState): Promise<void> {
      const { deleteKey, keptMessage, shownOnce } = await sending();
      const stored: StoredKey = { id, state };
      const revoke = async () => {
        const organisation = await organisationOf(state);
        if (decisions.keepsKeyOf(stored) || organisation.hasAdopted(stored)) world.tell(keptMessage(stored));
        else await deleteKey(organisation, stored);
      };
      await revoke().catch(shownOnce(`revoking application key ${id}`));
    },
  };
}
