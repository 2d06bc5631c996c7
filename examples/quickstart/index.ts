import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey } from "pulumi-datadog-application-key";

const config = new pulumi.Config();
const ci = new ApplicationKey("ci", { name: config.get("keyName") ?? "ci-deployer" });

export const id = ci.id;
export const owner = ci.owner;
export const hash = ci.hash; // the key itself: a secret, shown as [secret]
