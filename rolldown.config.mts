import { type RolldownOptions, defineConfig } from "rolldown";

/**
 * One bundle for each process that loads the package: no file is read that is not needed there, and the package is half
 * as large as with a file for each source. The same sources give the same bundles, so that a published version's stack
 * traces can be read with maps made later (see CONTRIBUTING.md).
 */
function bundle(input: Record<string, string>, folder: string, cleanDir = false): RolldownOptions {
  return {
    input,
    platform: "node",
    // Dependencies are the user's own, installed beside the package.
    external: (id) => !/^[./]/.test(id),
    transform: { target: "node22" },
    output: {
      dir: "dist",
      format: "cjs",
      exports: "named",
      minify: true,
      // The SDK's serialiser knows modules that TypeScript compiled, which have no such symbols.
      generatedCode: { symbols: false },
      // They are in the sources, and for users in the declarations.
      comments: false,
      entryFileNames: "[name].js",
      chunkFileNames: `${folder}/[name].js`,
      cleanDir,
    },
  };
}

export default defineConfig([
  // The first one cleans up: nothing of an older build may get into the package.
  bundle({ "provider/index": "provider/index.ts" }, "provider", true),
  bundle({ "provider/lifecycle/index": "provider/lifecycle/index.ts" }, "provider/lifecycle"),
  bundle({ "sandbox/index": "sandbox/index.ts", "sandbox/cli": "sandbox/cli.ts" }, "sandbox"),
]);
