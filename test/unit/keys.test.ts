import { createHash } from "node:crypto";
import { unknownValue as sdks } from "@pulumi/pulumi/runtime/rpc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, isFingerprint, last4Of, nameOf, quoted } from "../../provider/datadog/keys";
import { isUnknown, scopeSet, unknownValue } from "../../provider/lifecycle/model/inputs";

describe("a key", () => {
  test("of v1 has an id of v1- and the first 20 hex digits of its SHA-256", () => {
    // echo -n 'ddapp_test' | sha256sum
    const digest = createHash("sha256").update("ddapp_test").digest("hex");
    expect(fingerprint("ddapp_test")).toBe(`v1-${digest.slice(0, 20)}`);
    expect(fingerprint("abc")).toBe("v1-ba7816bf8f01cfea4141");
    expect(isFingerprint(fingerprint("abc"))).toBe(true);
    expect(isFingerprint("5ea50001-0000-4000-8000-000000000001")).toBe(false);
  });

  test("has an id without any part of the secret", () => {
    const key = fc.string({ unit: fc.constantFrom(...Array.from("abcdefgXYZ0123_")), minLength: 32, maxLength: 40 });
    fc.assert(fc.property(key, (secret) => !fingerprint(secret).includes(secret.slice(0, 8))));
  });

  test("is shown by its last four characters", () => {
    expect(last4Of("0123456789")).toBe("6789");
  });

  test("has its name quoted, shortened and without control characters in messages", () => {
    expect(quoted("ci")).toBe('application key "ci"');
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
        // eslint-disable-next-line no-control-regex
        expect(quoted(name)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        expect(quoted(name).length).toBeLessThan(800);
      }),
    );
  });

  test("has its owner's e-mail, or the handle if there is none", () => {
    expect(nameOf({ id: "1", email: "a@b", handle: "h" })).toBe("a@b");
    expect(nameOf({ id: "1", handle: "h" })).toBe("h");
    expect(nameOf({ id: "1" })).toBeUndefined();
  });
});

describe("values", () => {
  test("are unknown if they have the SDK's mark", () => {
    expect(unknownValue).toBe(sdks);
  });

  test("are unknown if any part of them is", () => {
    expect(isUnknown({ a: [{ b: unknownValue }] })).toBe(true);
    expect(isUnknown({ a: ["known", null, 1, undefined] })).toBe(false);
  });

  test("of scopes are sorted and without duplicates", () => {
    expect(scopeSet(["b", "a", "b"])).toEqual(["a", "b"]);
    expect(scopeSet(undefined)).toEqual([]);
  });
});
