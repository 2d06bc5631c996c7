/** One step of a story that is too long for separate tests. If it fails, the failure names the step. */
export async function step(sentence: string, holds: () => Promise<void> | void): Promise<void> {
  try {
    await holds();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}
