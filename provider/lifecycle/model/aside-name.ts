import type { KeyRecord } from "../../datadog/keys";

/** What a key is called while another one takes its place. Its own id makes the name unique, and proves whose it is. */
export function asideName(name: string, id: string): string {
  const suffix = ` (replaced ${id})`;
  return name.endsWith(suffix) ? name : name + suffix;
}

/** Whether a run that was interrupted renamed this key to make room for one of that name. */
export function isAside(key: KeyRecord, name: string): boolean {
  return key.name === asideName(name, key.id);
}

/** What a key is called that is on its way to a name which another one has yet to give up. */
export function passingName(name: string, id: string): string {
  return `${name} (renamed ${id})`;
}
