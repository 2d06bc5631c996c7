import type * as pulumi from "@pulumi/pulumi";

/** The part that this program uses of a package that this project does not depend on. */
interface Datadog {
  ApplicationKey: new (name: string, args: { name: pulumi.Input<string> }) => pulumi.CustomResource;
}

const { ApplicationKey } = module.require("@pulumi/datadog") as Datadog;

for (let index = 0; index < Number(process.env["BENCH_KEYS"]); index += 1) {
  new ApplicationKey(`key-${index}`, { name: `${process.env["BENCH_NAME"]}-${index}` });
}
