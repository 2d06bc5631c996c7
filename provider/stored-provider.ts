/** The name under which a program's folder finds this package. */
const packageName = "pulumi-datadog-application-key";

/** Kept in every key's state, twice: where the lifecycle is, not what it does. So the installed version serves old state. */
export const storedProvider = `exports.handler = () => require("${packageName}/provider");`;
