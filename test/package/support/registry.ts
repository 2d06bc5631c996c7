import { execa } from "execa";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { freshFolder, write } from "./layout.ts";

export interface Registry extends AsyncDisposable {
  readonly url: string;
  /** What npm needs to publish to it and install from it. */
  readonly env: Readonly<Record<string, string>>;
}

/** Starts a registry on this machine, to which anybody may publish; other packages come from where npm gets them. */
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
        // No proxy: what is installed under these names is what was published here.
        "pulumi-datadog-application-key": { access: "$all", publish: "$all" },
        "datadog-key-sandbox": { access: "$all", publish: "$all" },
        "**": { access: "$all", proxy: "upstream" },
      },
      log: { type: "stdout", level: "warn" },
    },
    // npm wants a token before it publishes, whatever the registry says to it.
    // Too big to be installed with this project. What it wants of node-fetch is a tag, which not every mirror of npm has.
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
  // It logs its address once it listens.
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
