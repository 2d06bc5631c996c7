// Runs the program for many commands, one at a time. The engine then starts neither a language host nor a program,
// which is half the time of a command. The SDK's Automation API runs an inline program in the same way.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import type * as Grpc from "@grpc/grpc-js";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb.js";
import { declareThings } from "./declare.ts";
import type { ProgramFile } from "./program.ts";

interface LanguageServer {
  program: () => Promise<unknown>;
  run(call: Grpc.ServerUnaryCall<RunRequest, unknown>, callback: unknown): unknown;
}

const sdk = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));
const grpc = sdk("@grpc/grpc-js") as typeof Grpc;
const { LanguageServer } = sdk("./automation/server") as { LanguageServer: new (program: unknown) => LanguageServer };
const { LanguageRuntimeService } = sdk("./proto/language_grpc_pb") as {
  LanguageRuntimeService: Grpc.ServiceDefinition;
};

class ProgramHost extends LanguageServer {
  override run(call: Grpc.ServerUnaryCall<RunRequest, unknown>, callback: unknown): unknown {
    const file = path.join(call.request.getPwd(), "program.json");
    this.program = async () => declareThings(JSON.parse(await readFile(file, "utf8")) as ProgramFile);
    return super.run(call, callback);
  }
}

const server = new grpc.Server();
server.addService(LanguageRuntimeService, new ProgramHost(undefined) as unknown as Grpc.UntypedServiceImplementation);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
// If the parent is killed, this process may only notice a closed pipe.
process.stdin.once("end", () => process.exit()).resume();
