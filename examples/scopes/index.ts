import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey } from "pulumi-datadog-application-key";

const config = new pulumi.Config();

const reporter = new ApplicationKey("reporter", {
  name: "weekly-report",
  // What a leak of this key would give away: nothing else of what its owner may do.
  scopes: config.getObject<string[]>("scopes") ?? ["dashboards_read", "monitors_read"],
});

export const id = reporter.id;
export const scopes = reporter.scopes;
export const hash = reporter.hash;
