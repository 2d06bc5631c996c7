import { type RolldownOptions, defineConfig } from "rolldown";

interface Bundle {
  /** The source that the bundle begins with. */
  input: string;
  /** The folder that it goes to, under the name of its source. */
  dir: string;
  /** Empties the folder first: nothing of an older build may get into the package. */
  cleanDir?: boolean;
  /** A file of the package that has a bundle of its own. */
  beside?: string;
}

/**
 * One bundle for each process that loads a package: no file is read that is not needed there. It reads as it was written,
 * and its source map brings the sources along.
 */
function bundle({ input, dir, cleanDir = false, beside }: Bundle): RolldownOptions {
  return {
    input,
    platform: "node",
    // Dependencies are the user's own, installed beside the package.
    external: (id) => !/^[./]/.test(id) || id === beside,
    transform: { target: "node22" },
    output: {
      dir,
      format: "cjs",
      exports: "named",
      sourcemap: true,
      // The SDK's serialiser knows modules that TypeScript compiled, which have no such symbols.
      generatedCode: { symbols: false },
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      cleanDir,
    },
  };
}

export default defineConfig([
  bundle({ input: "provider/index.ts", dir: "dist/provider", cleanDir: true }),
  bundle({ input: "provider/lifecycle/index.ts", dir: "dist/provider/lifecycle" }),
  bundle({ input: "sandbox/index.ts", dir: "sandbox/dist", cleanDir: true }),
  bundle({ input: "sandbox/cli.ts", dir: "sandbox/dist", beside: "./index" }),
]);
