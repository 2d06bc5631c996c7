import type { RandomFaultOptions } from "../types";
import type { FaultEffect, FaultKind, RequestFault } from "./types";

/** Each kind with parameters that fit a test: nothing here keeps a client waiting for long. */
const usual: Readonly<Record<FaultKind, FaultEffect>> = {
  refuse: { kind: "refuse" },
  "drop-before": { kind: "drop-before" },
  "drop-after": { kind: "drop-after" },
  delay: { kind: "delay", ms: 20 },
  "delay-after": { kind: "delay-after", ms: 20 },
  "rate-limit": { kind: "rate-limit", headers: { "x-ratelimit-reset": "1", "x-ratelimit-name": "random" } },
  status: { kind: "status", status: 503 },
  "status-after": { kind: "status-after", status: 502 },
  "cut-body": { kind: "cut-body" },
  "not-json": { kind: "not-json" },
  "wrong-content-type": { kind: "wrong-content-type" },
  "missing-field": { kind: "missing-field", field: "name" },
  "wrong-type-field": { kind: "wrong-type-field", field: "name" },
  "huge-body": { kind: "huge-body", bytes: 4 * 1024 * 1024 },
  "slow-drip": { kind: "slow-drip", ms: 1 },
  redirect: { kind: "redirect", status: 307, location: "http://127.0.0.1:9/" },
  "header-bomb": { kind: "header-bomb" },
  answer: { kind: "answer", status: 418 },
};

/** What happens at random if nothing else is asked for: the list in the project's design. */
export const randomKinds: readonly FaultKind[] = [
  "refuse",
  "drop-before",
  "drop-after",
  "delay",
  "delay-after",
  "rate-limit",
  "status",
  "status-after",
  "cut-body",
  "not-json",
  "missing-field",
];

/** Faults by chance, repeatable by their seed. */
export class RandomFaults {
  readonly #next: () => number;
  readonly #probability: number;
  readonly #effects: readonly FaultEffect[];

  constructor({ seed, probability, kinds = randomKinds }: RandomFaultOptions) {
    this.#next = mulberry32(seed);
    this.#probability = probability;
    this.#effects = kinds.map((kind) => (typeof kind === "string" ? usual[kind] : kind));
  }

  get awaitsConnection(): boolean {
    return this.#effects.some(({ kind }) => kind === "refuse");
  }

  refusesConnection(): boolean {
    // Without this kind no number is drawn, so connections do not change what requests meet.
    return this.awaitsConnection && this.#draw()?.kind === "refuse";
  }

  forRequest(): RequestFault | undefined {
    const effect = this.#draw();
    return effect?.kind === "refuse" ? undefined : effect;
  }

  #draw(): FaultEffect | undefined {
    if (this.#next() >= this.#probability) return undefined;
    return this.#effects[Math.floor(this.#next() * this.#effects.length)];
  }
}

/** Tommy Ettinger's generator in its well-known 32-bit form; good enough for tests, and repeatable. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
