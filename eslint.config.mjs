import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import { existsSync } from "node:fs";
import tseslint from "typescript-eslint";

/** What has packages of its own (tools/own-packages.mts) is looked at where they are installed. */
const withOwnPackages = ["tools/chart", "test/sandbox/all/official-client"];
const notInstalled = withOwnPackages.filter((folder) => !existsSync(`${folder}/node_modules`));

export default defineConfig(
  globalIgnores(["**/dist/", "docs/api/", "coverage/", "examples/*/node_modules/", ...notInstalled]),
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Fields of answers and of config are reached by name under noPropertyAccessFromIndexSignature.
      "@typescript-eslint/dot-notation": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: "only-allowed-literals" },
      ],
      // The SDK's file may be missing, and package.json is outside of what is compiled: neither can be an import.
      "@typescript-eslint/no-require-imports": [
        "error",
        { allow: ["^@pulumi/pulumi/proto/resource_pb$", "^pulumi-datadog-application-key/package.json$"] },
      ],
      "no-console": "error",
    },
  },
  {
    // Examples in plain JavaScript, as their users write it: no TypeScript project knows them. Of the consumers only the
    // example's own test has the packages.
    files: ["examples/**/*.{js,mjs}", "examples/consumers/*.ts"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      parserOptions: { projectService: false },
      globals: { require: "readonly", exports: "writable" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
