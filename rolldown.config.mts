import path from "node:path";
import { type RolldownOptions, defineConfig } from "rolldown";
import { thirdPartyLicences } from "./tools/build/third-party-licences.mts";

interface Bundle {
  /** The source that the bundle begins with; several by their names in the folder, where they share what both need. */
  input: string | Record<string, string>;
  /** The folder that it goes to, under the name of its source. */
  dir: string;
  /** Where in it the parts go that are loaded later, or shared. */
  parts?: string;
  /** Empties the folder first: nothing of an older build may get into the package. */
  cleanDir?: boolean;
  /** Sources that are to be one part, where several bundles share them. */
  together?: RegExp;
  /** What has a bundle of its own, and where that is seen from this one. */
  beside?: Record<string, string>;
}

/**
 * One bundle for each process that loads a package: no file is read that is not needed there. It reads as it was written,
 * and its source map brings the sources along.
 */
function bundle({ input, dir, parts = "[name].js", together, cleanDir = false, beside = {} }: Bundle): RolldownOptions {
  return {
    input,
    platform: "node",
    // Dependencies are the user's own, installed beside the package.
    external: (id) => !/^[./]/.test(id) || id in beside,
    transform: { target: "node22" },
    output: {
      dir,
      format: "cjs",
      exports: "named",
      sourcemap: true,
      // The SDK's serialiser knows modules that TypeScript compiled, which have no such symbols.
      generatedCode: { symbols: false },
      paths: beside,
      entryFileNames: "[name].js",
      chunkFileNames: parts,
      ...(together && { codeSplitting: { groups: [{ name: "offline", test: together }] } }),
      cleanDir,
    },
  };
}

/**
 * axios goes into the package, with those of its dependencies that serve its HTTP adapter. As a dependency it would bring
 * 27 packages and 3 MB into every user's project, 20 of them for forms, and take twice as long to load.
 */
const axios: RolldownOptions = {
  input: { axios: "axios" },
  platform: "node",
  resolve: { alias: { "form-data": path.resolve("tools/build/no-form-data.mjs") } },
  transform: { target: "node22" },
  plugins: [thirdPartyLicences("axios.LICENSE.txt")],
  output: {
    dir: "dist/provider",
    format: "cjs",
    exports: "named",
    comments: { legal: true, annotation: false, jsdoc: false },
    entryFileNames: "[name].js",
  },
};

export default defineConfig([
  bundle({ input: "provider/index.ts", dir: "dist/provider", cleanDir: true }),
  bundle({
    input: { "lifecycle/index": "provider/lifecycle/index.ts", "import/cli": "provider/import/cli.ts" },
    dir: "dist/provider",
    parts: "lifecycle/[name].js",
    // What a preview loads; without a name of its own for it, each pair of users would get a part.
    together:
      /provider\/(lifecycle\/(model|offline)\/|lifecycle\/engine\/plan|(settings|credentials|api-url|defined|stored-provider|rotation-period)\.ts|datadog\/(keys|sites|site-names|site-api)\.ts)/,
    beside: { axios: "../axios.js" },
  }),
  axios,
  bundle({ input: "sandbox/index.ts", dir: "sandbox/dist", cleanDir: true }),
  bundle({ input: "sandbox/cli.ts", dir: "sandbox/dist", beside: { "./index": "./index.js" } }),
]);
