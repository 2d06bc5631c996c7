import { describe, expect, test } from "vitest";
import { start, userByHandle, type Call } from "./support/start";

const all = "/api/v2/application_keys";

async function names(call: Call, query: string): Promise<unknown> {
  const { json } = await call("GET", `${all}?${query}`);
  const { data } = json as { data: { attributes: { name: string } }[] };
  return data.map(({ attributes }) => attributes.name);
}

/** Keys named 000 to 024, created in reverse order. */
const keys = Array.from({ length: 25 }, (_, number) => ({ name: String(24 - number).padStart(3, "0") }));

describe("lists", () => {
  test("have ten keys a page, sorted by name, by default", async () => {
    const { call } = await start({ user: "admin", keys });
    expect(await names(call, "")).toEqual(["000", "001", "002", "003", "004", "005", "006", "007", "008", "009"]);
  });

  test("count pages from 0; the last page has the rest, and later pages are empty", async () => {
    const { call } = await start({ user: "admin", keys });
    expect(await names(call, "page[size]=20&page[number]=1")).toEqual(["020", "021", "022", "023", "024"]);
    expect(await names(call, "page[size]=20&page[number]=2")).toEqual([]);
    expect((await call("GET", `${all}?page[size]=2`)).json).toMatchObject({
      meta: { page: { total_filtered_count: 25 } },
    });
  });

  test("accept percent-encoded brackets", async () => {
    const { call } = await start({ user: "admin", keys });
    expect(await names(call, "page%5Bsize%5D=1&page%5Bnumber%5D=3")).toEqual(["003"]);
  });

  test("allow a hundred keys a page, and no more", async () => {
    const { call } = await start({ user: "admin", keys });
    expect(await names(call, "page[size]=100")).toHaveLength(25);
    for (const query of ["page[size]=101", "page[size]=0", "page[size]=x", "page[number]=-1", "sort=owner"])
      expect((await call("GET", `${all}?${query}`)).status).toBe(400);
  });

  test("can be sorted by name, creation and last four characters, in both directions", async () => {
    const { call } = await start({
      user: "admin",
      keys: [
        { name: "b", key: `${"0".repeat(36)}zzzz` },
        { name: "c", key: `${"0".repeat(36)}aaaa` },
        { name: "a", key: `${"0".repeat(36)}mmmm` },
      ],
    });
    expect(await names(call, "sort=name")).toEqual(["a", "b", "c"]);
    expect(await names(call, "sort=-name")).toEqual(["c", "b", "a"]);
    expect(await names(call, "sort=created_at")).toEqual(["b", "c", "a"]);
    expect(await names(call, "sort=-created_at")).toEqual(["a", "c", "b"]);
    expect(await names(call, "sort=last4")).toEqual(["c", "a", "b"]);
    expect(await names(call, "sort=-last4")).toEqual(["b", "a", "c"]);
  });

  test("can be filtered by a part of the name or of the last four characters", async () => {
    const { call } = await start({
      user: "admin",
      keys: [{ name: "deploy-eu" }, { name: "Deploy-us" }, { name: "other", key: `${"0".repeat(36)}q7Q7` }],
    });
    expect(await names(call, "filter=deploy")).toEqual(["Deploy-us", "deploy-eu"]);
    expect(await names(call, "filter=q7Q")).toEqual(["other"]);
    expect((await call("GET", `${all}?filter=deploy&page[size]=1`)).json).toMatchObject({
      meta: { page: { total_filtered_count: 2 } },
    });
  });

  test("can be filtered by owner and by time of creation", async () => {
    const { sandbox, call } = await start({
      user: "admin",
      users: [{ handle: "other@example.com" }],
      keys: [
        { name: "old", createdAt: "2020-01-01T00:00:00.000000+00:00" },
        { name: "new", createdAt: "2025-01-01T00:00:00.000000+00:00", owner: "other@example.com" },
      ],
    });
    expect(await names(call, "filter[created_at][start]=2022-01-01T00:00:00Z")).toEqual(["new"]);
    expect(await names(call, "filter[created_at][end]=2022-01-01T00:00:00Z")).toEqual(["old"]);
    const owner = userByHandle(sandbox, "other@example.com").id;
    expect(await names(call, `filter[owned_by]=${owner}`)).toEqual(["new"]);
    expect((await call("GET", `${all}?filter[created_at][end]=x`)).status).toBe(400);
  });
});
