/** One step of a long test. If the step fails, the failure names it. */
export async function step(sentence: string, holds: () => Promise<void> | void): Promise<void> {
  try {
    await holds();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}
