import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askSecrets } from "../../../provider/import/ask-secrets.ts";
import { found } from "../support/found.ts";

const secret = `ddapp_${"x".repeat(30)}wxyz`;
const keys = [found("a"), found("b"), found("c")];

/** The answers if the user types this text at once, and the terminal's output. */
async function asked(typed: string) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let interrupted = false;
  input.write(typed);
  const secrets = await askSecrets(keys, { input, output, interrupt: () => (interrupted = true) });
  return { secrets: [...secrets], shown: String(output.read()), interrupted };
}

test("the command asks for the secret of each key and shows nothing of the typed text", async () => {
  const { secrets, shown, interrupted } = await asked(`${secret}\r \r ${secret} \r`);
  expect(secrets).toEqual([
    [keys[0], secret],
    [keys[2], secret],
  ]);
  expect(shown.match(/Secret of application key "[abc]": /g)).toHaveLength(3);
  expect(shown).not.toContain("xxx");
  expect(interrupted).toBe(false);
});

test("the user may mistype a secret twice, and the up arrow does not show it again", async () => {
  const { secrets, shown } = await asked(`wrong\r\u001b[A\rwrong\r${secret}\r\u0004`);
  // The second answer is empty, which leaves out the first key. Of the answers for the second key, one is wrong.
  expect(secrets).toEqual([[keys[1], secret]]);
  expect(shown.match(/Refused: this is not the key's secret/g)).toHaveLength(2);
  expect(shown).not.toContain("wrong");
  expect((await asked("1\r2\r3\r\u0004")).shown.match(/Secret of/g)).toHaveLength(4);
});

test("Ctrl-D leaves out all remaining keys, and Ctrl-C ends the command", async () => {
  expect(await asked(`${secret}\r\u0004`)).toMatchObject({ secrets: [[keys[0], secret]], interrupted: false });
  expect(await asked(`${secret}\r\u0003`)).toMatchObject({ interrupted: true });
});
