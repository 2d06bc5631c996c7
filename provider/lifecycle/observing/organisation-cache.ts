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

/** The organisations of a command, by what selects their credentials. Several may be the same one at Datadog. */
export class OrganisationCache {
  readonly #known = new Map<string, Organisation>();
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
    if (readConfig !== this.#readConfig) this.#known.clear();
    this.#readConfig = readConfig;
    // Each of a thousand keys asks several times, and reading the settings takes longer than this.
    const key = JSON.stringify([choice.site, choice.connection]);
    const organisation = this.#known.get(key) ?? this.#open(choice, readConfig, hint);
    this.#known.set(key, organisation);
    return organisation;
  }

  #open(choice: CredentialsChoice, readConfig: ReadConfig, hint: string | undefined): Organisation {
    const { env, tell, clock = systemClock, interruption, timeoutMs = answerTimeoutMs } = this.dependencies;
    const { settings, faults, wrongAddress } = readSettings(choice, readConfig, env);
    // The engine does not check before delete and read, and the configuration may have changed since the create. An
    // address of another site knows nothing about the key.
    const wrong = [...faults, ...(wrongAddress === undefined ? [] : [wrongAddress])];
    if (!settings || wrong.length > 0) {
      const reasons = wrong.map(({ reason }) => reason).join("; ");
      throw new LifecycleError(hint === undefined ? reasons : `${reasons}. ${hint}`);
    }
    const { site } = settings;
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
    return new Organisation(site, options, this.writes);
  }
}
