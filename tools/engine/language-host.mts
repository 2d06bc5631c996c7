// A language host for Node.js and Bun, for an engine built from Go modules, which has none (Pulumi publishes its own
// only inside the official download). The engine starts it in the project's folder, reads the port it prints, and asks
// it to run the program. It is copied next to the engine, so everything it needs comes from the SDK that the program
// uses. `pulumi new`, `install` and `about` are not supported, because they need what a checkout already has.
import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import type * as Grpc from "@grpc/grpc-js";
import type * as LanguageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as Language from "@pulumi/pulumi/proto/language_pb.js";
import type * as Plugin from "@pulumi/pulumi/proto/plugin_pb.js";

/** The SDK's exit code for a failure that the user has already been told about. */
const ALREADY_REPORTED = 32;

const { values: flags, positionals } = parseArgs({
  // `pulumi-language-bun` is the same program under another name, like the official host.
  args: process.argv.slice(2).map((arg) => arg.replace(/^-(?=\w{2})/, "--")),
  options: { runtime: { type: "string", default: "nodejs" } },
  allowPositionals: true,
  strict: false,
});
const onBun = flags.runtime === "bun";
const engineAddress = positionals.at(-1) ?? "";
const sdk = createRequire(sdkEntry(process.cwd()));
const grpc = sdk("@grpc/grpc-js") as typeof Grpc;
const messages = sdk("./proto/language_pb") as typeof Language;
const { PluginInfo } = sdk("./proto/plugin_pb") as typeof Plugin;
const { LanguageRuntimeService } = sdk("./proto/language_grpc_pb") as typeof LanguageService;
const { version } = sdk("./package.json") as { version: string };

/** Running programs. More than one only if a call was cancelled and its process has not ended yet. */
const programs = new Set<ChildProcess>();

function sdkEntry(folder: string): string {
  try {
    return createRequire(path.join(folder, "/")).resolve("@pulumi/pulumi");
  } catch (cause) {
    throw new Error(`@pulumi/pulumi is not installed in ${folder}: run npm install there`, { cause });
  }
}

type RuntimeOptions = Partial<Record<"nodeargs" | "tsconfig", string>> & { typescript?: boolean };

function runtimeOptions(info: Language.ProgramInfo): RuntimeOptions {
  return info.getOptions()?.toJavaScript() ?? {};
}

/** The command line of the SDK's own runner, which loads and runs the program. */
function programArguments(request: Language.RunRequest, info: Language.ProgramInfo): string[] {
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  return [
    ...(runtimeOptions(info).nodeargs ?? "").split(/\s+/).filter(Boolean),
    createRequire(sdkEntry(info.getProgramDirectory())).resolve("./cmd/run"),
    ...Object.entries(flags).flatMap(([flag, value]) => (value === "" ? [] : [`--${flag}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

function programEnvironment(request: Language.RunRequest, info: Language.ProgramInfo): NodeJS.ProcessEnv {
  const { typescript = true, tsconfig } = runtimeOptions(info);
  return {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    // Bun needs no compiler.
    PULUMI_NODEJS_TYPESCRIPT: String(typescript && !onBun),
    ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
  };
}

const run: Grpc.handleUnaryCall<Language.RunRequest, Language.RunResponse> = (call, callback) => {
  const { request } = call;
  const info = request.getInfo();
  if (!info) {
    callback({ code: grpc.status.INVALID_ARGUMENT, details: "the engine did not say where the program is" });
    return;
  }
  // The program's output goes through this process's output, and the engine shows it as the program's.
  const program = spawn(onBun ? "bun" : process.execPath, programArguments(request, info), {
    cwd: info.getProgramDirectory(),
    env: programEnvironment(request, info),
    stdio: ["ignore", "inherit", "inherit"],
  });
  programs.add(program);
  call.on("cancelled", () => program.kill());
  program.once("error", ({ message }) => {
    callback({ code: grpc.status.INTERNAL, details: `could not start ${onBun ? "Bun" : "Node.js"}: ${message}` });
  });
  program.once("exit", (code, signal) => {
    programs.delete(program);
    const response = new messages.RunResponse();
    if (code === ALREADY_REPORTED) response.setBail(true);
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code ?? signal ?? "unknown"}`);
    callback(null, response);
  });
};

const getPluginInfo: Grpc.handleUnaryCall<unknown, Plugin.PluginInfo> = (_call, callback) => {
  callback(null, new PluginInfo().setVersion(version));
};

/** None, because the engine finds plugins of other packages when the program first needs them. */
const getRequiredPackages: Grpc.handleUnaryCall<unknown, Language.GetRequiredPackagesResponse> = (_call, callback) => {
  callback(null, new messages.GetRequiredPackagesResponse());
};

function stop(): void {
  for (const program of programs) program.kill();
  process.exit();
}

const server = new grpc.Server();
server.addService(LanguageRuntimeService, { run, getPluginInfo, getRequiredPackages });
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

// The engine interrupts its plugins when it is done. If it was killed, the only sign is a closed pipe.
process.once("SIGINT", stop).once("SIGTERM", stop);
process.stdin.once("end", stop).resume();
