/*
 * A key that gives up its name gets a name that says why. The key's id makes that name unique and proves that this
 * provider chose it.
 */

/** The temporary name of a key while its successor takes its name. */
export function replacedName(name: string, id: string): string {
  return `${name} (replaced ${id})`;
}

/** The name of a key that stays valid beside its successor. */
export function previousName(name: string, id: string): string {
  return `${name} (previous ${id})`;
}

/** The temporary name of a key whose name another resource takes before its update gives it the next one. */
export function renamedName(name: string, id: string): string {
  return `${name} (renamed ${id})`;
}

/**
 * Whether this provider gave a key one of these names. In v2, a key created by v1 has another id than the one in its
 * name, and no secret to compare.
 */
export function isNamedBy(
  nameFor: typeof replacedName,
  name: string,
  key: { readonly id: string; readonly name: string },
): boolean {
  const id = /v1-[0-9a-f]{20}(?=\)$)/.exec(key.name)?.[0] ?? key.id;
  return key.name === nameFor(name, id);
}

/** A name without the suffix that the functions above add for one of these ids. */
export function plainName(name: string, ids: readonly string[]): string {
  const suffix = ids
    .flatMap((id) => [replacedName("", id), previousName("", id), renamedName("", id)])
    .find((one) => name.endsWith(one));
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}
