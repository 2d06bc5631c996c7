import * as datadog from "@pulumi/datadog";
import * as github from "@pulumi/github";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey, rotationPeriod } from "pulumi-datadog-application-key";

const apiKey = new pulumi.Config("datadog").requireSecret("apiKey");

/** One key a consumer, so that each can be revoked by itself. When a key rotates, its consumer gets the new one first. */
function key(name: string, scopes?: string[]): ApplicationKey {
  return new ApplicationKey(name, { keepers: rotationPeriod({ days: 30 }), ...(scopes && { scopes }) });
}

// For the pods of a cluster.
new kubernetes.core.v1.Secret("datadog", {
  metadata: { namespace: "monitoring", name: "datadog-app-key" },
  stringData: { "app-key": key("cluster-agent").hash },
});

// For a workflow of GitHub Actions.
new github.ActionsSecret("datadog", {
  repository: "shop",
  secretName: "DD_APP_KEY",
  value: key("workflow", ["monitors_read"]).hash,
});

// For the rest of this stack: what the Datadog provider makes, it makes with a key that may make monitors and no more.
const provider = new datadog.Provider("monitors", {
  apiKey,
  appKey: key("monitors", ["monitors_read", "monitors_write"]).hash,
});
new datadog.Monitor(
  "errors",
  {
    name: "Too many errors",
    type: "metric alert",
    message: "The shop answers with errors.",
    query: "sum(last_5m):sum:shop.errors{*}.as_count() > 10",
  },
  { provider },
);
