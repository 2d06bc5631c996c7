/** Work of which only one piece may be under way: each begins when the one before it has ended, however that was. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    // A failure is its own caller's.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
