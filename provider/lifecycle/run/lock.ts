/** Runs tasks one at a time, in order, whether or not the previous one failed. */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  hold<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    // Only the caller of a task gets its failure.
    this.#last = result.catch(() => undefined);
    return result;
  }
}
