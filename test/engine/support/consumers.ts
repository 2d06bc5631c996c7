import type { Stack } from "./index.ts";
import { keysProgram } from "./sandboxed.ts";

/** A program with keys, and for each key a resource that depends on its secret. */
export const consumersProgram = `${keysProgram}
  const pulumi = require("@pulumi/pulumi");
  const provider = {
    create: (inputs) => ({ id: "consumer", outs: inputs }),
    update: (id, olds, news) => {
      if (require("node:fs").existsSync("consumer-fails")) throw new Error("the consumer is out of order");
      return { outs: news };
    },
  };
  class Consumer extends pulumi.dynamic.Resource {}
  for (const [name, key] of Object.entries(exports)) new Consumer(provider, name + "-consumer", { password: key.hash });
`;

/** The secret in each key's consumer, by the key's name in the program. */
export async function consumed(stack: Stack): Promise<Record<string, unknown>> {
  const { stdout } = await stack.succeed(["stack", "export", "--show-secrets", "--stack", stack.name]);
  const { deployment } = JSON.parse(stdout) as {
    deployment: { resources: { urn: string; outputs?: { password?: { plaintext: string } } }[] };
  };
  const passwords = deployment.resources.flatMap(({ urn, outputs }) => {
    const name = /::(\w+)-consumer$/.exec(urn)?.[1];
    return name && outputs?.password ? [[name, JSON.parse(outputs.password.plaintext)] as const] : [];
  });
  return Object.fromEntries(passwords);
}
