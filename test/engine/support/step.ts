/** One sentence of a story too long to be told in tests of their own: where it does not hold, the failure says which it was. */
export async function step(sentence: string, holds: () => Promise<void> | void): Promise<void> {
  try {
    await holds();
  } catch (cause) {
    throw new Error(sentence, { cause });
  }
}
