/** Caches a promise, so that concurrent callers cause one request. Failures are not cached. */
export class SharedPromise<T> {
  #promise: Promise<T> | undefined;

  readonly #make: () => Promise<T>;

  constructor(make: () => Promise<T>) {
    this.#make = make;
  }

  get(): Promise<T> {
    if (!this.#promise) {
      const promise = this.#make();
      this.#promise = promise;
      promise.catch(() => {
        if (this.#promise === promise) this.#promise = undefined;
      });
    }
    return this.#promise;
  }

  get started(): boolean {
    return this.#promise !== undefined;
  }
}
