import { literal } from "../datadog/keys";
import type { ImportedKey } from "./import-file";

/** The lines of TypeScript for which a preview shows no change. */
export function programLines(keys: readonly ImportedKey[]): string {
  const lines = keys.map(({ resource, inputs }) => {
    // The site comes from the configuration, and the provider is not an argument.
    const args = Object.entries(inputs).filter(([name]) => name !== "site" && name !== "__provider");
    const fields = args.map(([name, value]) => `${name}: ${valueText(value)}`);
    return `new ApplicationKey(${literal(resource)}, { ${fields.join(", ")} });`;
  });
  return ['import { ApplicationKey } from "pulumi-datadog-application-key";', "", ...lines, ""].join("\n");
}

/** A literal for a string, a list of strings, or true. */
function valueText(value: unknown): string {
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? `[${value.map(valueText).join(", ")}]` : literal(String(value));
}
