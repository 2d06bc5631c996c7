import { defineConfig } from "vitest/config";

// An update by the real engine takes seconds.
export default defineConfig({ test: { testTimeout: 120_000 } });
