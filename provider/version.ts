/** The version of this copy of the package. A bundle includes it. */
export const { version } = require("pulumi-datadog-application-key/package.json") as { readonly version: string };
