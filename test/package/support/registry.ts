import { execa } from "execa";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { freshFolder, write } from "./layout.ts";

export interface Registry extends AsyncDisposable {
  readonly url: string;
  /** The environment variables that npm needs to publish to it and install from it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a registry on this machine, where anybody may publish. Other packages come from npm's usual registry. */
export async function startRegistry(): Promise<Registry> {
  const folder = await freshFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const { stdout: upstream } = await execa("npm", ["config", "get", "registry"]);
  await write(folder, {
    "config.yaml": {
      storage: path.join(folder, "storage"),
      uplinks: { upstream: { url: upstream, max_fails: 100 } },
      packages: {
        // The registry does not look elsewhere for these names, so an installation gets the packages that the test
        // published.
        "pulumi-datadog-application-key": { access: "$all", publish: "$all" },
        "datadog-key-sandbox": { access: "$all", publish: "$all" },
        "**": { access: "$all", proxy: "upstream" },
      },
      log: { type: "stdout", level: "warn" },
    },
    // npm publishes only with a token, even if the registry does not check it. The registry is too big for this
    // project's own dependencies. Its dependency node-fetch is a tag, which not every mirror of npm has.
    "package.json": {
      private: true,
      dependencies: { verdaccio: "^6" },
      overrides: { "node-fetch": "2.6.7" },
    },
    npmrc: `registry=${url}\n//127.0.0.1:${port}/:_authToken=anybody\n`,
  });
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"], { cwd: folder });
  const child = execa("verdaccio", ["--config", "config.yaml", "--listen", `127.0.0.1:${port}`], {
    cwd: folder,
    localDir: folder,
    preferLocal: true,
    all: true,
    reject: false,
  });
  const ended = child.then(({ all }) => {
    throw new Error(`the registry ended:\n${all}`);
  });
  // The registry logs its address when it listens.
  const listening = new Promise<void>((resolve) => {
    child.all.on("data", (chunk: Buffer) => {
      if (chunk.includes("http address")) resolve();
    });
  });
  await Promise.race([ended, listening]);
  return {
    url,
    env: { npm_config_userconfig: path.join(folder, "npmrc"), npm_config_registry: url },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended.catch(() => undefined);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
