import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey, rotationPeriod } from "pulumi-datadog-application-key";

const config = new pulumi.Config();

const ci = new ApplicationKey("ci", {
  name: "ci-deployer",
  keepers: {
    ...rotationPeriod({ days: 30 }),
    // Not only once a period: `pulumi config set leaked 2026-11-23 && pulumi up` rotates at once.
    leaked: config.get("leaked") ?? "never",
  },
});

// For programs that read the key only when they start: the old key stays valid until the next rotation.
// `pulumi config set turn 2 && pulumi up` rotates it now.
const pods = new ApplicationKey("pods", {
  name: "pods",
  keepers: { ...rotationPeriod({ days: 30 }), turn: config.get("turn") ?? "1" },
  keepPrevious: true,
});

export const podsHash = pods.hash;
export const podsPreviousHash = pods.previousHash;
export const id = ci.id;
export const hash = ci.hash; // what uses it gets the new key before the old one is revoked
