import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const pages = globSync(["*.md", "docs/**/*.md", "examples/{,*/}*.md", "sandbox/*.md"]).sort();

/** The page without code blocks, which contain no links. */
const proseOf = (page: string) => readFileSync(page, "utf8").replace(/^```.*?^```/gms, "");

/** The anchors that GitHub makes from headings, and those in docs/api. */
function anchorsOf(page: string): string[] {
  const prose = proseOf(page);
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading.toLowerCase());
  const named = [...prose.matchAll(/<a id="(.+?)"/g)].map(([, name = ""]) => name);
  return [...headings.map((heading) => heading.replace(/[^\w -]/g, "").replaceAll(" ", "-")), ...named];
}

test.each(pages)("every link in %s has a target", (page) => {
  const links = [...proseOf(page).matchAll(/\]\((?!https?:)(.+?)\)/g)].map(([, link = ""]) => link);
  const lost = links.filter((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? page : path.join(path.dirname(page), file);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(lost).toEqual([]);
});

test("the files that CONTRIBUTING.md names exist", () => {
  // Other tests build and install at the same time.
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
