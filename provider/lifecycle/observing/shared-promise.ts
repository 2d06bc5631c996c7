/** Caches a promise, so that concurrent callers cause one request. */
export class SharedPromise<T> {
  #promise: Promise<T> | undefined;

  readonly #make: () => Promise<T>;
  readonly #isFinal: (failure: unknown) => boolean;

  /** @param isFinal which failures are cached too. By default none, so that the next caller tries again */
  constructor(make: () => Promise<T>, isFinal: (failure: unknown) => boolean = () => false) {
    this.#make = make;
    this.#isFinal = isFinal;
  }

  get(): Promise<T> {
    if (!this.#promise) {
      const promise = this.#make();
      this.#promise = promise;
      promise.catch((error: unknown) => {
        if (this.#promise === promise && !this.#isFinal(error)) this.#promise = undefined;
      });
    }
    return this.#promise;
  }

  get started(): boolean {
    return this.#promise !== undefined;
  }
}
