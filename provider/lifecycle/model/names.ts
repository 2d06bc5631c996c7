/*
 * A key that gives up its name gets another one that says why. Its own id in it makes the name unique and proves that this
 * provider gave it.
 */

/** The name of a key while its successor takes its place. */
export function replacedName(name: string, id: string): string {
  return `${name} (replaced ${id})`;
}

/** The name of a key that stays valid beside its successor. */
export function previousName(name: string, id: string): string {
  return `${name} (previous ${id})`;
}

/** The name of a key whose own name another resource takes before its update gives it the next one. */
export function renamedName(name: string, id: string): string {
  return `${name} (renamed ${id})`;
}

/**
 * Whether this provider gave a key a name by one of the functions above. v2 knows a key that v1 made by another id than the
 * one in its name, and shows no secret to tell.
 */
export function isNamedBy(
  nameFor: typeof replacedName,
  name: string,
  key: { readonly id: string; readonly name: string },
): boolean {
  const [before = "", after = ""] = nameFor(name, "\n").split("\n");
  if (!key.name.startsWith(before) || !key.name.endsWith(after)) return false;
  const id = key.name.slice(before.length, -after.length);
  return id === key.id || /^v1-[0-9a-f]{20}$/.test(id);
}

/** A name without what the functions above add for one of these ids. */
export function plainName(name: string, ids: readonly string[]): string {
  const suffix = ids
    .flatMap((id) => [replacedName("", id), previousName("", id), renamedName("", id)])
    .find((one) => name.endsWith(one));
  return suffix === undefined ? name : name.slice(0, -suffix.length);
}
