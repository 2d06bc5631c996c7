import {
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  type ProviderResource,
  output,
} from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { KeyInputs } from "../../provider/lifecycle/model/inputs";
import { diffKey } from "../../provider/lifecycle/offline/diff";
import { knownWith, refuseUnserved, withoutEffect } from "../../provider/resource-options";

/** The part of a provider that the code reads. The engine tests create real providers. */
function ofPackage(name: string): ProviderResource {
  return { getPackage: () => name } as unknown as ProviderResource;
}

describe("resource options", () => {
  test("that do not work for dynamic resources are refused, and the error names the resource and the alternative", () => {
    expect(() => {
      refuseUnserved("ci", { import: "5ea50001-0000-4000-8000-000000000001" });
    }).toThrow(/^ApplicationKey "ci": the option import .*npx pulumi-datadog-application-key import.*adopt: true/);
    expect(() => {
      refuseUnserved("ci", { provider: ofPackage("datadog") });
    }).toThrow(
      /^ApplicationKey "ci": the option provider has one of the package "datadog".*"pulumi-nodejs".*`connection`/,
    );
  });

  test("that are missing or come from a component are not refused", () => {
    const handedDown: ComponentResourceOptions = { providers: {} };
    for (const options of [undefined, {}, { import: undefined, provider: undefined }, handedDown])
      expect(() => {
        refuseUnserved("ci", options as CustomResourceOptions);
      }).not.toThrow();
  });

  test("may name a provider of the package for dynamic resources", () => {
    expect(() => {
      refuseUnserved("ci", { provider: ofPackage("pulumi-nodejs") });
    }).not.toThrow();
  });

  test.each([
    [["name"], /for "name",/],
    [["keepers", "*", "scopes[0]"], /for "\*", "scopes\[0\]",/],
  ])("in replaceOnChanges that have no effect are reported: %j", (replaceOnChanges, words) => {
    expect(withoutEffect({ replaceOnChanges })).toMatch(words);
  });

  test.each([undefined, {}, { replaceOnChanges: [] }, { replaceOnChanges: ["site", "keepers.year", 'keepers["a"]'] }])(
    "in replaceOnChanges that replace anyway are not reported: %j",
    (options) => {
      expect(withoutEffect(options)).toBeUndefined();
    },
  );

  test("in replaceOnChanges have an effect for exactly the arguments whose change replaces the key", () => {
    const same = { name: "ci", site: "datadoghq.com" } as const;
    const changes: Required<KeyInputs> = {
      name: "cd",
      site: "datadoghq.eu",
      apiVersion: "v2",
      scopes: ["dashboards_read"],
      serviceAccountId: "5ea50001-0000-4000-8000-000000000001",
      keepers: { turn: "2" },
      keepPrevious: true,
      actionsApi: true,
      adopt: true,
      connection: "eu",
    };
    for (const [argument, value] of Object.entries(changes)) {
      const { replaces = [] } = diffKey({ ...same, apiVersion: "v1" }, { ...same, [argument]: value });
      const warning = withoutEffect({ replaceOnChanges: [argument] });
      expect(warning === undefined, argument).toBe(replaces.length > 0);
    }
  });
});

describe("the id of a key in get", () => {
  const never = (names: string) => {
    throw new Error(names);
  };

  test("stays a plain value if the arguments are plain", () => {
    expect(knownWith("id", { site: "datadoghq.com", connection: undefined }, never)).toBe("id");
  });

  test("is known once the location of the key is", async () => {
    const known = knownWith("id", { site: output("datadoghq.com"), connection: Promise.resolve("eu") }, never);
    await expect(value(known)).resolves.toBe("id");
  });
});

function value(input: unknown): Promise<unknown> {
  return new Promise((resolve) => (input as Output<unknown>).apply(resolve));
}
