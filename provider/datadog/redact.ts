/** Maximum length of external text in a message. */
const longest = 500;

/**
 * Makes external text safe to show. Masks the given secrets and whatever looks like a key (32 or more letters and
 * digits in a row, because API keys have 32 and application keys 40), replaces control characters, which a terminal
 * obeys, with spaces, and limits the length. UUIDs have no run that long and stay readable.
 */
export function redact(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets.filter((text) => text !== "")) {
    for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
      shown = shown.replaceAll(form, "[secret]");
  }
  shown = shown
    .replace(/[A-Za-z0-9_]{32,}/g, "[secret]")
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim();
  return shown.length > longest ? `${shown.slice(0, longest)}…` : shown;
}
