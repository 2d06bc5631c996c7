import { type Clock, interruptible, systemClock } from "../../datadog/clock";
import { answerTimeoutMs } from "../../datadog/patience";
import { requestLog } from "../../datadog/request-log";
import { defined } from "../../defined";
import { type Environment, type ReadConfig, readSettings } from "../../settings";
import { LifecycleError } from "../model/errors";
import type { OwnWrites } from "../run/own-writes";
import type { CredentialsChoice } from "./command";
import { Organisation } from "./organisation";

/** The dependencies of a connection. */
export interface ConnectionDependencies {
  readonly env: Environment;
  readonly clock?: Clock;
  readonly interruption?: AbortSignal;
  readonly timeoutMs?: number;
  readonly tell: (line: string) => void;
}

/** The organisations of a command, by their credentials. Two connections may share the same ones. */
export class OrganisationCache {
  readonly #known = new Map<string, Organisation>();
  /** The same by what the keys say, because each of a thousand keys asks several times. */
  readonly #chosen = new Map<string, Organisation>();
  #readConfig: ReadConfig | undefined;

  constructor(
    private readonly dependencies: ConnectionDependencies,
    private readonly writes: OwnWrites,
  ) {}

  /**
   * @param hint added to the message if the settings are wrong
   * @throws LifecycleError with everything that is wrong with them
   */
  of(choice: CredentialsChoice, readConfig: ReadConfig, hint: string | undefined): Organisation {
    if (readConfig !== this.#readConfig) this.#chosen.clear();
    this.#readConfig = readConfig;
    const key = JSON.stringify([choice.site, choice.connection]);
    const chosen = this.#chosen.get(key) ?? this.#choose(choice, readConfig, hint);
    this.#chosen.set(key, chosen);
    return chosen;
  }

  #choose(choice: CredentialsChoice, readConfig: ReadConfig, hint: string | undefined): Organisation {
    const { env, tell, clock = systemClock, interruption, timeoutMs = answerTimeoutMs } = this.dependencies;
    const { settings, faults, wrongAddress } = readSettings(choice, readConfig, env);
    // The engine does not check before delete and read, and the configuration may have changed since the create. An
    // address of another site knows nothing about the key.
    const wrong = [...faults, ...(wrongAddress === undefined ? [] : [wrongAddress])];
    if (!settings || wrong.length > 0) {
      const reasons = wrong.map(({ reason }) => reason).join("; ");
      throw new LifecycleError(hint === undefined ? reasons : `${reasons}. ${hint}`);
    }
    const { site, apiUrl, apiKey, appKey } = settings;
    const name = JSON.stringify([site, apiUrl, apiKey, appKey]);
    const known = this.#known.get(name);
    if (known) return known;
    const tellOfSite = (line: string) => {
      tell(`${line} (${site})`);
    };
    const options = {
      ...settings,
      timeoutMs,
      clock: interruption ? interruptible(clock, interruption) : clock,
      tell: tellOfSite,
      ...defined({ log: requestLog(env["DATADOG_APPLICATION_KEY_LOG"], tellOfSite) }),
    };
    const organisation = new Organisation(site, options, this.writes);
    this.#known.set(name, organisation);
    return organisation;
  }
}
