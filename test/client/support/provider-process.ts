import type { KeyInputs } from "../../../provider/lifecycle/model/properties";
import { type Provider, createProvider } from "../../../provider/lifecycle/provider";
import type { Sandbox } from "../../../sandbox/index";
import type { Clock } from "../../../provider/datadog/clock";
import { opened } from "./engine/secrets";
import { VirtualClock } from "./virtual-clock";

export interface ProcessOptions {
  /** Time limit for one answer, in real milliseconds. @default 30,000 */
  readonly timeoutMs?: number;
  /** Set it for real time, or for tests where something happens during waits. */
  readonly clock?: Clock;
  /** Whose credentials are used. @default the sandbox's default user */
  readonly appKey?: string;
  /** Where requests go. @default the sandbox */
  readonly url?: string;
  /** Its environment, beside the configuration that points at the sandbox. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the configuration points at the sandbox at all. @default true */
  readonly configured?: boolean;
  /** More of the stack's configuration, such as a second connection's. */
  readonly config?: Readonly<Record<string, string>>;
  /** The process is killed when it first waits, as it does after a request whose answer is lost. */
  readonly diesWaiting?: boolean;
}

/** One provider process of the engine. */
export class ProviderProcess {
  readonly provider: Provider;
  readonly told: string[] = [];
  /** Resolves when the process is killed. */
  readonly died: Promise<"died">;

  constructor(sandbox: Pick<Sandbox, "url" | "apiKey" | "appKey">, options: ProcessOptions = {}) {
    const { clock = new VirtualClock(), timeoutMs = 30_000, url = sandbox.url, appKey = sandbox.appKey } = options;
    let die: (how: "died") => void = () => undefined;
    this.died = new Promise((resolve) => (die = resolve));
    const mortal: Clock = {
      now: () => clock.now(),
      date: () => clock.date(),
      random: () => clock.random(),
      sleep: () => {
        die("died");
        // Nobody goes on from here: whatever the provider was about to do, it does not.
        return new Promise(() => undefined);
      },
    };
    this.provider = createProvider({
      env: options.env ?? {},
      tell: (line) => this.told.push(line),
      clock: options.diesWaiting ? mortal : clock,
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

  /** Checks and creates, as the engine does with a resource that is new. */
  async create(declared: KeyInputs) {
    const { inputs, failures = [] } = await this.provider.check({}, { ...declared });
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const { id, outs } = await this.provider.create(inputs as Readonly<Record<string, unknown>>);
    return { id, outs: opened(outs).values };
  }
}
