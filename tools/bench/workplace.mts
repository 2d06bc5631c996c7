import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";
import { engineEnv, type Engine } from "../engine/engine.mts";
import { findEngine } from "../engine/get-engine.mts";
import type { Column } from "./columns.mts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Folders of their own for everything that is measured, and the surroundings in which it runs. */
export class Workplace implements AsyncDisposable {
  readonly engine: Engine;
  readonly interruption: AbortSignal;
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(engine: Engine, home: string, interruption: AbortSignal) {
    this.engine = engine;
    this.interruption = interruption;
    this.#home = home;
    // Everything that is asked is on this machine: no proxy.
    const surroundings = Object.entries(engineEnv(engine, { home }));
    this.#env = Object.fromEntries(surroundings.filter(([name]) => !/^((https?|all|no)_proxy|node_)/i.test(name)));
  }

  static async open(interruption: AbortSignal): Promise<Workplace> {
    const engine = await findEngine();
    if (!engine) throw new Error("No Pulumi engine here: `npm run bench` gets one first");
    // Here the programs find the packages of the checkout, and state says where they are as briefly as it does for users.
    // Below node_modules the SDK would take axios for a part of the naive program, and could not serialise it.
    return new Workplace(engine, await mkdtemp(path.join(ROOT, ".bench-")), interruption);
  }

  /** A project with a column's program, compiled: a program in TypeScript is compiled anew by every command. */
  async project({ program }: Column): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
    const folder = await mkdtemp(path.join(this.#home, "project-"));
    const source = await readFile(path.join(import.meta.dirname, "programs", program), "utf8");
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    });
    await mkdir(path.join(folder, "state"));
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
