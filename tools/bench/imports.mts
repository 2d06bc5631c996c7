import path from "node:path";
import process from "node:process";
import { execa } from "execa";
import { median } from "./statistics.mts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const ROUNDS = 9;

export interface Imports {
  /** Milliseconds that the package takes in a program that has loaded `@pulumi/pulumi`. */
  program: number;
  /** The same for the lifecycle in the provider process: all that a preview without changes needs. */
  lifecycle: number;
  /** The same with what sends requests. */
  sending: number;
  /** Packages that a program loads through this one. */
  programLoads: string[];
  /** Packages that the lifecycle loads before it sends anything. */
  lifecycleLoads: string[];
}

interface Loaded {
  milliseconds: number;
  packages: string[];
}

/** Times `require` in processes of its own, and sees what it brought along. */
export async function measureImports(): Promise<Imports> {
  const program: Loaded[] = [];
  const lifecycle: Loaded[] = [];
  const sending: Loaded[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    program.push(await load("pulumi-datadog-application-key"));
    lifecycle.push(await load("pulumi-datadog-application-key/provider"));
    sending.push(await load(path.join(ROOT, "dist/provider/lifecycle/loaded-late.js")));
  }
  const time = (loads: readonly Loaded[]) => median(loads.map(({ milliseconds }) => milliseconds));
  return {
    program: time(program),
    lifecycle: time(lifecycle),
    sending: time(sending),
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
    process.stdout.write(JSON.stringify({ milliseconds, packages: [...new Set(packages)] }));`;
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith("NODE_")));
  const { stdout } = await execa(process.execPath, ["-e", script], { cwd: ROOT, env, extendEnv: false });
  return JSON.parse(stdout) as Loaded;
}
