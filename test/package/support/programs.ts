import type { Files } from "./layout.ts";

/** The same program, written in each kind of module. */
export const commonJs = `
const pulumi = require("@pulumi/pulumi");
const { ApplicationKey } = require("pulumi-datadog-application-key");
const key = new ApplicationKey("ci", { name: new pulumi.Config().require("keyName") });
exports.hash = key.hash;
`;

export const esModule = `
import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey } from "pulumi-datadog-application-key";
const key = new ApplicationKey("ci", { name: new pulumi.Config().require("keyName") });
export const hash = key.hash;
`;

export const typeScript = `
import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey, ApplicationKeyArgs, rotationPeriod, sites } from "pulumi-datadog-application-key";
import lifecycle from "pulumi-datadog-application-key/provider";
import { startSandbox } from "datadog-key-sandbox";

const args: ApplicationKeyArgs = { name: new pulumi.Config().require("keyName"), site: sites[0], keepers: rotationPeriod({ days: 30 }) };
const provider: pulumi.dynamic.ResourceProvider = lifecycle;
if (!provider.delete) throw new Error("the provider has no delete");
if (typeof startSandbox !== "function") throw new Error("there is no sandbox");
const key = new ApplicationKey("ci", args);
export const hash: pulumi.Output<string> = key.hash;
`;

/** A component library. Its users need not know this package. */
export const library = {
  "index.js": `
const pulumi = require("@pulumi/pulumi");
const { ApplicationKey } = require("pulumi-datadog-application-key");
exports.Team = class Team extends pulumi.ComponentResource {
  constructor(name, args, opts) {
    super("library:index:Team", name, {}, opts);
    this.hash = new ApplicationKey(name, { name: args.keyName }, { parent: this }).hash;
    this.registerOutputs({ hash: this.hash });
  }
};
`,
};

export const libraryUser = `
const pulumi = require("@pulumi/pulumi");
const { Team } = require("library");
exports.hash = new Team("ci", { keyName: new pulumi.Config().require("keyName") }).hash;
`;

/** TypeScript for Bun, which runs it directly. */
export const forBun = `
if (process.versions.bun === undefined) throw new Error("this is not Bun");
${typeScript}`;

export const bunProject = (main: string): Files => ({
  "Pulumi.yaml": `name: layout\nmain: ${main}\nruntime: bun\n`,
});

export const project = (main: string, options: Record<string, unknown> = {}): Files => ({
  "Pulumi.yaml": `name: layout\nmain: ${main}\nruntime: { name: nodejs, options: ${JSON.stringify(options)} }\n`,
});
