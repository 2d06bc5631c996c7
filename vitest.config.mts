import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** How long a test or a hook may take on a busy machine. On a quiet one most take milliseconds. */
const short = { testTimeout: 60_000, hookTimeout: 60_000 };
/** Where the engine or an installation is part of it. */
const long = { testTimeout: 300_000, hookTimeout: 300_000 };

/**
 * Two projects for each kind of test. `npm test` runs the first, and `npm run test:all` also the second, whose name ends
 * with "-all" and whose files are in a folder all/.
 */
function projects(kind: string, limit: typeof short) {
  const folder = `test/${kind}`;
  return [
    { test: { name: kind, include: [`${folder}/**/*.test.ts`], exclude: [`${folder}/all/**`], ...limit } },
    { test: { name: `${kind}-all`, include: [`${folder}/all/**/*.test.ts`], ...limit } },
  ];
}

export default defineConfig({
  test: {
    // One more than there are cores: much of the time is waited for, as for rate limits, late reads and killed processes.
    maxWorkers: availableParallelism() + 1,
    projects: [
      ...projects("unit", short),
      ...projects("sandbox", short),
      ...projects("client", short),
      ...projects("engine", long),
      ...projects("package", long),
    ],
  },
});
