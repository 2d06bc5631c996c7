export { ApplicationKey, type ApplicationKeyArgs, type ApplicationKeyLookup } from "./application-key";
export { type Site, sites } from "./datadog/sites";
export { type RotationPeriod, rotationPeriod } from "./rotation-period";
