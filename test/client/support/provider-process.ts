import type { KeyInputs } from "../../../provider/lifecycle/model/inputs";
import { type Provider, createProvider } from "../../../provider/lifecycle/provider";
import type { Sandbox } from "../../../sandbox/index";
import type { Clock } from "../../../provider/datadog/clock";
import { opened } from "./engine/secrets";
import { VirtualClock } from "./virtual-clock";

export interface ProcessOptions {
  /** Time limit for one answer, in real milliseconds. @default 30,000 */
  readonly timeoutMs?: number;
  /** Set this for real time, or if something must happen during the waits. @default virtual time */
  readonly clock?: Clock;
  /** Whose credentials are used. @default the sandbox's default user */
  readonly appKey?: string;
  /** Where requests go. @default the sandbox */
  readonly url?: string;
  /** Environment variables of the process. The configuration still points at the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the configuration points at the sandbox. @default true */
  readonly configured?: boolean;
  /** Further configuration of the stack, such as a second connection. */
  readonly config?: Readonly<Record<string, string>>;
  /** The process is killed at its first wait. It waits, for instance, after a request without an answer. */
  readonly diesWaiting?: boolean;
}

/** The provider process of one command. */
export class ProviderProcess {
  readonly provider: Provider;
  readonly printed: string[] = [];
  /** Resolves when the process is killed. */
  readonly died: Promise<"died">;

  constructor(sandbox: Pick<Sandbox, "url" | "apiKey" | "appKey">, options: ProcessOptions = {}) {
    const { clock = new VirtualClock(), timeoutMs = 30_000, url = sandbox.url, appKey = sandbox.appKey } = options;
    let die: (how: "died") => void = () => undefined;
    this.died = new Promise((resolve) => (die = resolve));
    const dyingClock: Clock = {
      now: () => clock.now(),
      date: () => clock.date(),
      random: () => clock.random(),
      sleep: () => {
        die("died");
        // This promise never resolves, so the provider does nothing more.
        return new Promise(() => undefined);
      },
    };
    this.provider = createProvider({
      env: options.env ?? {},
      tell: (line) => this.printed.push(line),
      clock: options.diesWaiting ? dyingClock : clock,
      timeoutMs,
    });
    const config = new Map([
      ["datadog:apiUrl", url],
      ["datadog:apiKey", sandbox.apiKey],
      ["datadog:appKey", appKey],
      ...Object.entries(options.config ?? {}),
    ]);
    const get = (key: string) => (options.configured === false ? undefined : config.get(key));
    const require = (key: string) => {
      const value = get(key);
      if (value === undefined) throw new Error(`no ${key}`);
      return value;
    };
    void this.provider.configure({ config: { get, require } });
  }

  /** Calls check and create, as the engine does for a new resource. */
  async create(declared: KeyInputs) {
    const { inputs, failures = [] } = await this.provider.check({}, { ...declared });
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { id, outs } = await this.provider.create(inputs as Readonly<Record<string, unknown>>);
    return { id, outs: opened(outs).values };
  }
}
