import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact } from "../../provider/datadog/redact";

const alphanumeric = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
const keyLike = fc.string({ unit: fc.constantFrom(...alphanumeric), minLength: 32, maxLength: 40 });
/** Credentials in another format than Datadog's, as a proxy may need. */
const odd = fc.string({
  unit: fc.constantFrom(...alphanumeric, ...Array.from("-+/=.%&~")),
  minLength: 12,
  maxLength: 31,
});
const around = fc.string({ unit: "binary", maxLength: 40 });
const forms: ((secret: string) => string)[] = [
  (secret) => secret,
  encodeURIComponent,
  (secret) => Buffer.from(secret).toString("base64"),
];

describe("redact", () => {
  test.each(forms)("hides a known secret in any encoding and context (%#)", (form) => {
    fc.assert(
      fc.property(odd, around, around, (secret, before, after) => {
        fc.pre(!"[secret]".includes(secret));
        expect(redact(before + form(secret) + after, [secret])).not.toContain(form(secret));
      }),
    );
  });

  test("hides everything that looks like a key, even if it is unknown", () => {
    const disguised = fc.constantFrom(
      ...forms,
      (secret: string) => Buffer.from(secret).toString("hex"),
      (secret: string) => JSON.stringify({ key: secret }),
      (secret: string) => `https://api.datadoghq.com/api/v1/application_key/${secret}?x=1`,
      (secret: string) => secret.toUpperCase(),
    );
    fc.assert(
      fc.property(keyLike, around, around, disguised, (secret, before, after, disguise) => {
        const shown = redact(before + disguise(secret) + after, []);
        expect(shown).not.toContain(secret);
        expect(shown).not.toMatch(/[A-Za-z0-9_]{32}/);
      }),
    );
  });

  test("masks adjacent, nested and repeated keys", () => {
    const key = "k".repeat(40);
    expect(redact(`${key} ${key},${key}${key}`, [key, key.slice(0, 10)])).not.toContain("kkkk");
  });

  test("leaves words and UUIDs readable", () => {
    const text = "Invalid scopes: a_b of 5ea50001-0000-4000-8000-000000000001";
    expect(redact(text, ["", "secret-of-mine"])).toBe(text);
  });

  test("returns one short line without control characters", () => {
    expect(redact("\u001b[31mred\u001b[0m\r\nnext\u202e", [])).toBe("[31mred [0m next");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
        const shown = redact(text, []);
        // eslint-disable-next-line no-control-regex
        expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
        expect(shown.length).toBeLessThanOrEqual(501);
      }),
    );
  });
});
