import { expect, test } from "vitest";
import { start } from "./support/start";

test("an organisation with 20,000 keys starts and lists them quickly", async () => {
  const keys = Array.from({ length: 20_000 }, (_, number) => ({ name: `key ${number}`, owner: "colleague" }));
  const { sandbox, call } = await start({ user: "admin", keys });
  expect(sandbox.keys()).toHaveLength(20_000);
  const { text } = await call("GET", "/api/v1/application_key");
  expect(text.length).toBeGreaterThan(2_000_000);
  const page = await call("GET", "/api/v2/application_keys?page[size]=100&page[number]=199&sort=-created_at");
  expect(page.json).toMatchObject({ data: { length: 100 }, meta: { page: { total_filtered_count: 20_000 } } });
});
