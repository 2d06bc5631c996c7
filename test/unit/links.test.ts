import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const pages = globSync(["*.md", "docs/**/*.md", "examples/{,*/}*.md", "sandbox/*.md"]).sort();

/** Without what is in blocks of code, which links nowhere. */
const proseOf = (page: string) => readFileSync(page, "utf8").replace(/^```.*?^```/gms, "");

/** As GitHub makes them of headings, and as docs/api has them itself. */
function anchorsOf(page: string): string[] {
  const prose = proseOf(page);
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  const named = [...prose.matchAll(/<a id="(.+?)"/g)].map(([, name = ""]) => name);
  return [...headings.map((heading) => heading.replace(/[^\w -]/g, "").replaceAll(" ", "-")), ...named];
}

test.each(pages)("every link of %s leads somewhere", (page) => {
  const links = [...proseOf(page).matchAll(/\]\((?!https?:)(.+?)\)/g)].map(([, link = ""]) => link);
  const lost = links.filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? page : path.join(path.dirname(page), file);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(lost).toEqual([]);
});

test("the files that CONTRIBUTING.md names are there", () => {
  // Other tests build and install meanwhile.
  const exclude = (name: string) => ["dist", "node_modules"].includes(path.basename(name));
  const files = globSync("{*,{.github,docs,provider,sandbox,test,tools}/**/*}", { exclude }).map((file) =>
    file.split(path.sep).join("/"),
  );
  const named = [...proseOf("CONTRIBUTING.md").matchAll(/`([\w./-]+\.(?:ts|mts|md|mjs|json|yml))`/g)];
  expect(named.length).toBeGreaterThan(20);
  const lost = named
    .map(([, name = ""]) => name)
    .filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)));
  expect(lost).toEqual([]);
});
