import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import ts from "typescript";
import { engineEnv, type Engine } from "../engine/engine.mts";
import { findEngine } from "../engine/get-engine.mts";
import type { Column } from "./columns.mts";

const packageName = "pulumi-datadog-application-key";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Separate folders for everything that is measured, and the environment for it. */
export class Workplace implements AsyncDisposable {
  readonly engine: Engine;
  readonly interruption: AbortSignal;
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(engine: Engine, home: string, interruption: AbortSignal) {
    this.engine = engine;
    this.interruption = interruption;
    this.#home = home;
    // All servers are on this machine, so no proxy is used.
    const surroundings = Object.entries(engineEnv(engine, { home }));
    this.#env = Object.fromEntries(surroundings.filter(([name]) => !/^((https?|all|no)_proxy|node_)/i.test(name)));
  }

  static async open(interruption: AbortSignal): Promise<Workplace> {
    const engine = await findEngine();
    if (!engine) throw new Error("There is no Pulumi engine here. `npm run bench` gets one first.");
    // Programs in this folder find the checkout's packages, and the state refers to them as briefly as for users. Below
    // node_modules the SDK would treat axios as part of the naive program and fail to serialise it.
    return new Workplace(engine, await mkdtemp(path.join(ROOT, ".bench-")), interruption);
  }

  /** A project with a column's compiled program, because every command would compile TypeScript again. */
  async project({ program, tarball }: Column): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
    const folder = await mkdtemp(path.join(this.#home, "project-"));
    const source = await readFile(path.join(import.meta.dirname, "programs", program), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    await mkdir(path.join(folder, "state"));
    if (tarball !== undefined) await unpack(tarball, path.join(folder, "node_modules", packageName));
    await writeFile(path.join(folder, "index.js"), outputText);
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ private: true, main: "index.js" }));
    await writeFile(
      path.join(folder, "Pulumi.yaml"),
      "name: bench\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
    );
    return { folder, env: { ...this.#env, PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}` } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}

async function unpack(tarball: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await execa("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
}
