import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Tests that wait for nothing but a socket; the engine's are slower and share two cores with the engine itself. */
export default defineConfig({
  test: {
    // One more than there are cores: much of the time is waited for, as for rate limits, late reads and killed processes.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"] } },
      { test: { name: "client", include: ["test/client/**/*.test.ts"] } },
      { test: { name: "sandbox", include: ["test/sandbox/**/*.test.ts"] } },
      { test: { name: "engine", include: ["test/engine/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 } },
      { test: { name: "package", include: ["test/package/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
