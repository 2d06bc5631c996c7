/** Long enough for every API key (32) and application key (40), too long for any part of a UUID. */
const keyLike = /[A-Za-z0-9_]{32,}/g;

/** v1 has the key itself in the path, so that part is masked whatever it looks like. */
const v1KeyPath = /^(\/api\/v1\/application_key\/)[^/?]+/;

/** Path and query without anything that is or may be a key. Percent-encoding must not hide one, so it is undone first. */
export function maskPath(path: string): string {
  return decode(path).replace(v1KeyPath, "$1***").replace(keyLike, "***");
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
