import * as pulumi from "@pulumi/pulumi";
import { ApplicationKey } from "pulumi-datadog-application-key";

/** What the tests are about: one key for each team, which may only read dashboards. */
export function teamKeys(teams: string[]): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    teams.map((team) => {
      const key = new ApplicationKey(team, { name: `${team}-dashboards`, scopes: ["dashboards_read"] });
      return [team, key.hash];
    }),
  );
}
