import type { RandomFaults } from "./random";
import type { Fault, FaultEffect, RecordedFault, RequestFault } from "./types";

/** The properties of a request that a fault's selector can match. */
export interface Target {
  method: string;
  route: string;
  path: string;
}

interface Planned {
  fault: Fault;
  /** How many requests have matched so far. */
  seen: number;
}

/** Decides which request meets which fault, and counts. */
export class FaultPlan {
  readonly #planned = new Set<Planned>();
  readonly #random = new Set<RandomFaults>();
  readonly #injected: RecordedFault[] = [];
  readonly #templates: ReadonlySet<string>;

  constructor(templates: ReadonlySet<string>) {
    this.#templates = templates;
  }

  add(fault: Fault): () => void {
    const planned = { fault, seen: 0 };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  addRandom(random: RandomFaults): () => void {
    this.#random.add(random);
    return () => this.#random.delete(random);
  }

  injected(): RecordedFault[] {
    return [...this.#injected];
  }

  /** Whether the fault works only on a new connection. */
  get awaitsConnection(): boolean {
    return (
      [...this.#planned].some(({ fault }) => fault.kind === "refuse") ||
      [...this.#random].some((random) => random.awaitsConnection)
    );
  }

  refusesConnection(): boolean {
    const refused =
      this.#due(({ kind }) => kind === "refuse") !== undefined ||
      [...this.#random].some((random) => random.refusesConnection());
    if (refused) this.#injected.push({ kind: "refuse" });
    return refused;
  }

  forRequest(target: Target): RequestFault | undefined {
    const effect = this.#due((fault) => this.#selects(fault, target)) ?? this.#drawn();
    if (effect === undefined || effect.kind === "refuse") return undefined;
    this.#injected.push({ kind: effect.kind, method: target.method, route: target.route });
    return effect;
  }

  /**
   * The first fault that applies now. Every matching fault counts the request, so that `nth` does not depend on the
   * others.
   */
  #due(matches: (fault: Fault) => boolean): FaultEffect | undefined {
    let due: FaultEffect | undefined;
    for (const planned of this.#planned) {
      if (!matches(planned.fault)) continue;
      planned.seen += 1;
      const { nth = 1, times = 1 } = planned.fault;
      if (planned.seen >= nth && planned.seen < nth + times) due ??= planned.fault;
    }
    return due;
  }

  #drawn(): RequestFault | undefined {
    for (const random of this.#random) {
      const effect = random.forRequest();
      if (effect) return effect;
    }
    return undefined;
  }

  #selects(fault: Fault, { method, route, path }: Target): boolean {
    if (fault.kind === "refuse") return false;
    if (fault.method !== undefined && fault.method !== method) return false;
    if (fault.route === undefined) return true;
    return this.#templates.has(fault.route) ? fault.route === route : path.includes(fault.route);
  }
}
