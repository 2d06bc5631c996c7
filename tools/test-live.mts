// Runs the contract tests against a real organisation: `DD_API_KEY=… DD_APP_KEY=… DD_SITE=… npm run test:live`. They
// create only keys whose names begin with pulumi-datadog-application-key-test-, and remove all of them.
import path from "node:path";
import process from "node:process";
import { execa } from "execa";

const has = (...names: string[]) => names.some((name) => process.env[name]?.trim());

if (!has("DD_API_KEY", "DATADOG_API_KEY") || !has("DD_APP_KEY", "DATADOG_APP_KEY")) {
  process.stdout.write(
    "No live test ran. Set DD_API_KEY and DD_APP_KEY (and DD_SITE, unless it is datadoghq.com) " +
      "to the credentials of an organisation whose user may manage application keys.\n",
  );
} else {
  // Datadog's rate limits may take minutes.
  const { exitCode } = await execa(
    "vitest",
    ["run", "--project", "client", "test/client/contract.test.ts", "--testTimeout=300000", "--hookTimeout=300000"],
    {
      cwd: path.dirname(import.meta.dirname),
      preferLocal: true,
      env: { CONTRACT_TARGET: "live" },
      stdio: "inherit",
      reject: false,
    },
  );
  process.exitCode = exitCode ?? 1;
}
