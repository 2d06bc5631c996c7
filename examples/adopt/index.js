import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey } from "pulumi-datadog-application-key";

const config = new pulumi.Config();

const ci = new ApplicationKey("ci", {
  name: config.get("keyName") ?? "ci-deployer",
  // The key of that name is taken over with its secret. In One-Time Read mode nobody can read that any more:
  // `pulumi config set adopt replace` makes a new one and revokes the old one.
  adopt: config.get("adopt") === "replace" ? "replace" : true,
});

export const id = ci.id;
export const hash = ci.hash;
