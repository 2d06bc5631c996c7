import type { RandomFaultOptions } from "../types";
import { type FaultEffect, type RequestFault, randomKinds } from "./types";

/** Random faults, repeatable with their seed. */
export class RandomFaults {
  readonly #next: () => number;
  readonly #probability: number;
  readonly #effects: readonly FaultEffect[];

  constructor({ seed, probability, kinds = randomKinds }: RandomFaultOptions) {
    this.#next = mulberry32(seed);
    this.#probability = probability;
    this.#effects = kinds.map((kind) => (typeof kind === "string" ? { kind } : kind));
  }

  get awaitsConnection(): boolean {
    return this.#effects.some(({ kind }) => kind === "refuse");
  }

  refusesConnection(): boolean {
    // Without this kind no number is drawn, so connections do not change which requests fail.
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
