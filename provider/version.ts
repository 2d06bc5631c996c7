/** The version of this copy of the package, which a bundle holds too. */
export const { version } = require("pulumi-datadog-application-key/package.json") as { readonly version: string };
