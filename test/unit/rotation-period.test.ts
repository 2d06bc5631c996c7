import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { diffKey } from "../../provider/lifecycle/offline/diff";
import type { KeyState } from "../../provider/lifecycle/model/state";
import { rotationPeriod } from "../../provider/rotation-period";

const day = 24 * 60 * 60 * 1000;
const keeper = (days: number, at: string | Date) => rotationPeriod({ days, at: new Date(at) })["rotationPeriod"] ?? "";
const anyDays = fc.integer({ min: 1, max: 1000 });
const anyMoment = fc.date({ min: new Date("1990-01-01"), max: new Date("2090-01-01"), noInvalidDate: true });

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("rotationPeriod", () => {
  test("contains the first day of the period and its length", () => {
    expect(rotationPeriod({ days: 30, at: new Date("2026-11-23T12:00:00Z") })).toEqual({
      rotationPeriod: "2026-11-03/P30D",
    });
  });

  test("stays the same from the first to the last millisecond of a period, and changes with the next", () => {
    fc.assert(
      fc.property(anyDays, anyMoment, (days, at) => {
        const now = keeper(days, at);
        const begin = Date.parse(now.slice(0, 10));
        expect(keeper(days, new Date(begin))).toBe(now);
        expect(keeper(days, new Date(begin + days * day - 1))).toBe(now);
        expect(keeper(days, new Date(begin + days * day))).not.toBe(now);
      }),
    );
  });

  test("is the same in every time zone, on both sides of a change to summer time", () => {
    for (const at of ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"]) {
      const values = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"].map(
        (zone) => {
          vi.stubEnv("TZ", zone);
          return keeper(7, at);
        },
      );
      expect(new Set(values).size).toBe(1);
    }
  });

  test("counts the 29th of February as a day like any other", () => {
    expect(keeper(1, "2028-02-28T23:59:59Z")).toBe("2028-02-28/P1D");
    expect(keeper(1, "2028-02-29T00:00:00Z")).toBe("2028-02-29/P1D");
    expect(keeper(1, "2028-03-01T00:00:00Z")).toBe("2028-03-01/P1D");
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a period of %s days", (days) => {
    expect(() => rotationPeriod({ days })).toThrow(RangeError);
  });

  test("refuses an invalid date", () => {
    expect(() => rotationPeriod({ days: 1, at: new Date("never") })).toThrow(RangeError);
  });
});

describe("a key with a rotation period", () => {
  const state = (keepers: Record<string, string>): KeyState => ({
    name: "ci",
    site: "datadoghq.com",
    apiVersion: "v1",
    keepers,
  });
  const replaces = (olds: Record<string, string>, news: Record<string, string>) =>
    diffKey(state(olds), { name: "ci", site: "datadoghq.com", keepers: news }).replaces;

  test("is replaced when a new period begins", () => {
    expect(replaces({ rotationPeriod: "2026-10-12/P30D" }, { rotationPeriod: "2026-11-11/P30D" })).toEqual(["keepers"]);
  });

  test("is never replaced by a machine whose clock is behind", () => {
    fc.assert(
      fc.property(anyDays, anyMoment, fc.nat({ max: 400 * day }), (days, at, behind) => {
        const olds = rotationPeriod({ days, at });
        const news = rotationPeriod({ days, at: new Date(at.getTime() - behind) });
        expect(replaces(olds, news)).toEqual([]);
      }),
    );
  });

  test("is not replaced by a longer period if the key is young enough", () => {
    expect(replaces({ rotationPeriod: "2026-11-11/P30D" }, { rotationPeriod: "2026-10-12/P90D" })).toEqual([]);
  });

  test("is replaced when another keeper changes too", () => {
    const olds = { rotationPeriod: "2026-11-11/P30D", reason: "1" };
    expect(replaces(olds, { rotationPeriod: "2026-10-12/P30D", reason: "2" })).toEqual(["keepers"]);
  });

  test("is replaced by any change of a keeper with that name that is not a period", () => {
    expect(replaces({ rotationPeriod: "2" }, { rotationPeriod: "1" })).toEqual(["keepers"]);
  });

  test("is replaced when it gets a rotation period for the first time, or loses it", () => {
    expect(replaces({}, { rotationPeriod: "2026-11-11/P30D" })).toEqual(["keepers"]);
    expect(replaces({ rotationPeriod: "2026-11-11/P30D" }, {})).toEqual(["keepers"]);
  });
});
