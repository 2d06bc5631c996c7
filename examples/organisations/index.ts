import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey } from "pulumi-datadog-application-key";

const name = new pulumi.Config().get("keyName") ?? "ci-deployer";

// Credentials: datadog:apiKey and datadog:appKey, or DD_API_KEY and DD_APP_KEY.
const home = new ApplicationKey("home", { name });
// Credentials: datadog-eu:apiKey and datadog-eu:appKey; the site: datadog-eu:site.
const eu = new ApplicationKey("eu", { name, connection: "eu" });

export const sites = { home: home.site, eu: eu.site };
export const hashes = { home: home.hash, eu: eu.hash };
