/** Matches every API key (32) and application key (40), but no part of a UUID. */
const keyLike = /[A-Za-z0-9_]{32,}/g;

/** v1's paths contain the key itself, so that part is always masked. */
const v1KeyPath = /^(\/api\/v1\/application_key\/)[^/?]+/;

/**
 * Path and query with everything masked that may be a key. Decodes percent-encoding first, because it could hide one.
 */
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
