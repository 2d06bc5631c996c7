import { expect, test } from "vitest";
import { startSandbox } from "../../../sandbox/index.ts";
import { credentials, keysProject } from "../support/sandboxed.ts";

test("two stacks of one program each have a key, and neither touches the other's", async () => {
  const sandbox = await startSandbox({ latencyMs: 20 });
  try {
    const { project, declare } = await keysProject({ name: "shop", env: credentials(sandbox) });
    await declare({ ci: {}, cd: {} });
    const names = () => sandbox.keys().map(({ name }) => name);
    const [dev, prod] = [await project.stack("dev"), await project.stack("prod")];

    const ups = await Promise.all([dev.up(), prod.up()]);
    expect(ups.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(names().sort()).toEqual(["shop-dev-cd", "shop-dev-ci", "shop-prod-cd", "shop-prod-ci"]);

    const others = sandbox.keys().filter(({ name }) => name.startsWith("shop-prod"));
    const [refresh, destroy] = await Promise.all([prod.refresh(), dev.destroy()]);
    expect([refresh.exitCode, destroy.exitCode]).toEqual([0, 0]);
    expect(refresh.stdout).toContain("3 unchanged");
    expect(sandbox.keys()).toEqual(others);
  } finally {
    await sandbox.close();
  }
});
