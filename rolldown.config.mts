import { type Plugin, type RolldownOptions, defineConfig } from "rolldown";

/** Between its own chunks rolldown exports by getters, as if a binding could change; none of this package's does. */
const plainExports: Plugin = {
  name: "plain-exports",
  renderChunk: (code) =>
    code.replace(
      /Object\.defineProperty\(exports, "(\w+)", \{\s+enumerable: true,\s+get: function \(\) \{\s+return (\w+);\s+\}\s+\}\);/g,
      "exports.$1 = $2;",
    ),
};

/**
 * One bundle for each process that loads the package: no file is read that is not needed there, and the package is half
 * as large as with a file for each source. The same sources give the same bundles, so that a published version's stack
 * traces can be read with maps made later (see CONTRIBUTING.md).
 */
function bundle(folder: string, entry: string, cleanDir = false): RolldownOptions {
  return {
    input: { [entry]: `${folder}/${entry}.ts` },
    platform: "node",
    plugins: [plainExports],
    // Dependencies are the user's own, installed beside the package; the command uses the sandbox's bundle.
    external: (id) => !/^[./]/.test(id) || (entry === "cli" && id === "./index"),
    transform: { target: "node22" },
    output: {
      dir: `dist/${folder}`,
      format: "cjs",
      exports: "named",
      minify: true,
      // The SDK's serialiser knows modules that TypeScript compiled, which have no such symbols.
      generatedCode: { symbols: false },
      // They are in the sources, and for users in the declarations.
      comments: false,
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      cleanDir,
    },
  };
}

export default defineConfig([
  // The first of each cleans up: nothing of an older build may get into the package.
  bundle("provider", "index", true),
  bundle("provider/lifecycle", "index"),
  bundle("sandbox", "index", true),
  bundle("sandbox", "cli"),
]);
