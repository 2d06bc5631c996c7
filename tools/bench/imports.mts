import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { median } from "./statistics.mts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const ROUNDS = 9;

/** In addition to `@pulumi/pulumi`, which is already loaded. */
export interface Loading {
  milliseconds: number;
  files: number;
}

export interface Imports {
  /** Loading the package in a program. */
  program: Loading;
  /** Loading the lifecycle in the provider process. A preview without changes needs no more. */
  lifecycle: Loading;
  /** Loading the code that sends requests. */
  sending: Loading;
  /** Packages that a program loads through this one. */
  programLoads: string[];
  /** Packages that the lifecycle loads before it sends anything. */
  lifecycleLoads: string[];
}

interface Loaded extends Loading {
  packages: string[];
}

/** Times `require` in separate processes, and records what it loaded. */
export async function measureImports(): Promise<Imports> {
  const program: Loaded[] = [];
  const lifecycle: Loaded[] = [];
  const sending: Loaded[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    program.push(await load("pulumi-datadog-application-key"));
    lifecycle.push(await load("pulumi-datadog-application-key/provider"));
    sending.push(await load(path.join(ROOT, "dist/provider/lifecycle/online.js")));
  }
  const typical = (loads: readonly Loaded[]): Loading => ({
    milliseconds: median(loads.map(({ milliseconds }) => milliseconds)),
    files: loads[0]?.files ?? 0,
  });
  return {
    program: typical(program),
    lifecycle: typical(lifecycle),
    sending: typical(sending),
    programLoads: program[0]?.packages ?? [],
    lifecycleLoads: lifecycle[0]?.packages ?? [],
  };
}

async function load(name: string): Promise<Loaded> {
  const script = `
    require("@pulumi/pulumi");
    const before = new Set(Object.keys(require.cache));
    const started = performance.now();
    require(${JSON.stringify(name)});
    const milliseconds = performance.now() - started;
    const files = Object.keys(require.cache).filter((file) => !before.has(file));
    const packages = files.flatMap((file) => /.*[\\\\/]node_modules[\\\\/]((?:@[^\\\\/]+[\\\\/])?[^\\\\/]+)/.exec(file)?.[1] ?? []);
    process.stdout.write(JSON.stringify({ milliseconds, files: files.length, packages: [...new Set(packages)] }));`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith("NODE_")));
  const { stdout } = await execa(process.execPath, ["-e", script], { cwd: ROOT, env, extendEnv: false });
  return JSON.parse(stdout) as Loaded;
}
