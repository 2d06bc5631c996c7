/** Runs a task for each item, with limited concurrency, as the engine runs resources. */
export async function inParallel<T>(width: number, items: readonly T[], task: (item: T) => Promise<unknown>) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await task(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
