import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { engineEnv } from "../../../tools/engine/engine.mts";
import { findEngine } from "../../../tools/engine/get-engine.mts";
import { Stack } from "./stack.ts";

/** vitest runs in the package's root. */
const ROOT = process.cwd();

export interface ProjectOptions {
  /** The source text of the program. */
  program: string;
  /** `js` (the default) is CommonJS and starts a second sooner than `ts`, which the SDK compiles on every run. */
  language?: "js" | "mjs" | "ts";
  /** The project's name in Pulumi. */
  name?: string;
  /** Other files of the project: path to text. */
  files?: Record<string, string>;
  /**
   * Environment variables for every command. The variables of Pulumi and Datadog in the environment of the test are not
   * passed on.
   */
  env?: Record<string, string>;
}

export interface StackOptions {
  config?: Record<string, string>;
  /** Configuration values that are stored encrypted. */
  secrets?: Record<string, string>;
  /** More environment variables for this stack's commands. */
  env?: Record<string, string>;
}

/** A Pulumi project in its own folder. The projects of a test file share one Pulumi home. */
export class Project {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #engine: string;

  private constructor(folder: string, engine: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#engine = engine;
    this.#env = env;
  }

  static async create({ program, language = "js", name = "test", files = {}, env = {} }: ProjectOptions) {
    const { engine, home, surroundings } = await shared();
    const folder = await mkdtemp(path.join(home, "project-"));
    const main = `index.${language}`;
    const texts = {
      "Pulumi.yaml": `name: ${name}\nruntime:\n  name: nodejs\n  options: { typescript: ${language === "ts"} }\n`,
      "package.json": JSON.stringify({ name, private: true, main }),
      [main]: program,
      ...files,
    };
    for (const [file, text] of Object.entries(texts)) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    }
    // The modules of the checkout, including this package, so program and provider use the same copy of the SDK.
    await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"), "junction");
    return new Project(folder, engine, {
      ...surroundings,
      PULUMI_BACKEND_URL: `file://${folder}`,
      ...env,
    });
  }

  /** A copy of this project with its stacks and their present state. */
  async copy(): Promise<Project> {
    const folder = await mkdtemp(path.join(path.dirname(this.folder), "project-"));
    await cp(this.folder, folder, { recursive: true, verbatimSymlinks: true });
    return new Project(folder, this.#engine, { ...this.#env, PULUMI_BACKEND_URL: `file://${folder}` });
  }

  /** Creates a stack. Its state is in the project's folder. */
  async stack(name: string, { config = {}, secrets = {}, env = {} }: StackOptions = {}): Promise<Stack> {
    const stack = this.existingStack(name, { env });
    await stack.succeed(["stack", "init", name]);
    const settings = [
      ...Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
    ];
    if (settings.length > 0) await stack.succeed(["config", "set-all", "--stack", name, ...settings]);
    return stack;
  }

  existingStack(name: string, { env = {} }: Pick<StackOptions, "env"> = {}): Stack {
    return new Stack(name, this.folder, this.#engine, { ...this.#env, ...env });
  }

  /** Replaces the program. */
  async setProgram(program: string, language: "js" | "mjs" | "ts" = "js"): Promise<void> {
    await writeFile(path.join(this.folder, `index.${language}`), program);
  }
}

interface Shared {
  engine: string;
  home: string;
  surroundings: NodeJS.ProcessEnv;
}

let made: Promise<Shared> | undefined;

/** What all projects of a test file share. vitest gives each file its own copy of this module. */
function shared(): Promise<Shared> {
  made ??= (async () => {
    const engine = await findEngine();
    if (!engine) throw new Error("There is no Pulumi engine here yet. `node tools/setup.mjs` gets one.");
    const home = await mkdtemp(path.join(os.tmpdir(), "pulumi-test-"));
    // All servers run on this machine, so no proxy is used.
    const surroundings = Object.fromEntries(
      Object.entries(engineEnv(engine, { home })).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)),
    );
    // Without this cache, Node.js would compile the SDK in every program and provider process, which takes a tenth of a
    // command's time.
    const compiled = { NODE_COMPILE_CACHE: path.join(ROOT, "node_modules/.cache/node-compile") };
    return { engine: engine.command, home, surroundings: { ...surroundings, ...compiled } };
  })();
  return made;
}

afterAll(async () => {
  if (made) await rm((await made).home, { recursive: true, force: true });
});
