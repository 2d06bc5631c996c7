import { expect, test } from "vitest";
import { drawTerminal } from "../../../tools/demo/picture.mts";

test("a picture shows the terminal's text in its colours, and all markup in the text is escaped", async () => {
  const picture = await drawTerminal('plain\n\n \u001b[32m+ \u001b[0m made <"a" & b>\n\u001b[1mbold\u001b[22m   \n');
  expect(picture).toContain(">plain</text>");
  expect(picture).toContain(`> <tspan fill="#a6e3a1">+ </tspan> made &lt;"a" &amp; b&gt;</text>`);
  expect(picture).toContain(`><tspan font-weight="bold">bold</tspan></text>`);
  expect(picture.match(/<text /g)).toHaveLength(3);
  expect(picture).not.toContain("\u001b");
});
