import { expect, test } from "vitest";
import { readSecrets, unfit } from "../../../provider/import/given-secrets.ts";
import { found } from "../support/found.ts";

const secret = `ddapp_${"x".repeat(30)}wxyz`;
const [a, b] = [found("a"), found("b = c", { id: "b-id" })];

test("each line has a name or id and a secret", () => {
  const given = readSecrets(`a=one\r\n\n B-ID = two \nother=three\nno sign\n`, [a, b]);
  expect([...given.secrets]).toEqual([
    [a, "one"],
    [b, "two"],
  ]);
  expect(given.unused).toEqual([4, 5]);
  expect([...readSecrets("b = c=two", [a, b]).secrets]).toEqual([[b, "two"]]);
});

test("if there is only one key, the line may have only its secret", () => {
  expect([...readSecrets(` ${secret}\n`, [a]).secrets]).toEqual([[a, secret]]);
  expect([...readSecrets(`a=${secret}`, [a]).secrets]).toEqual([[a, secret]]);
  expect(readSecrets(secret, [a, b])).toEqual({ secrets: new Map(), unused: [1] });
  expect(readSecrets(`other=${secret}`, [a])).toEqual({ secrets: new Map(), unused: [1] });
});

test("a name of several keys is refused", () => {
  expect(readSecrets("a=one", [a, found("a", { id: "other" })]).unused).toEqual([1]);
});

test("a secret must have 40 characters and the last four that Datadog shows, and no refusal quotes it", () => {
  expect(unfit(secret, a)).toBeUndefined();
  for (const wrong of [`${secret.slice(0, -1)}Z`, secret.slice(1), `${secret}x`, "wxyz", secret.replace("x", " ")]) {
    expect(unfit(wrong, a)).toMatch(/^this is not the key's secret/);
    expect(unfit(wrong, a)).not.toContain(wrong);
  }
  expect(unfit(secret, { ...a, record: { id: "a-id", name: "a" } })).toMatch(/the secret cannot be checked/);
});
