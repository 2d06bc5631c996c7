import { expect, test } from "vitest";
import { ApplicationKey } from "../../provider/application-key";

/** The constructor checks the name without an engine. */
const unnamed = () => new ApplicationKey("", {}, { id: "v1-00000000000000000000" });

test("an error in the constructor shows the program's position and no frames of the SDK", () => {
  let error: unknown;
  try {
    unnamed();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ message: expect.stringContaining("Missing resource name") as string });
  const [, first = ""] = String((error as Error).stack).split("\n");
  expect(first).toContain("unnamed");
  expect(first).toContain("stack-traces.test.ts");
});

test("errors of the program have stack traces as before", () => {
  const settings = () => {
    const { stackTraceLimit, prepareStackTrace } = Error as { stackTraceLimit: number; prepareStackTrace?: unknown };
    return { stackTraceLimit, prepareStackTrace };
  };
  const before = settings();
  expect(unnamed).toThrow();
  expect(settings()).toEqual(before);
});
