import { expect, test } from "vitest";
import { systemClock } from "../../provider/datadog/clock";
import { Connection } from "../../provider/datadog/connection";
import { V2Keys } from "../../provider/datadog/v2";
import { startHostileServer } from "./support/hostile-server";

const orgId = "4dee724d-00cc-11ea-a77b-570c9d03c6c5";
const user = {
  type: "users",
  id: "9f4b0a52-5d03-4e0c-b0f7-5d0f8a7d1c11",
  attributes: { email: "ada@example.com", handle: "ada" },
};

async function currentUser(answer: object) {
  await using server = await startHostileServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  const options = { apiUrl: server.url, apiKey: "a", appKey: "b", timeoutMs: 10_000, clock: systemClock };
  const connection = new Connection({ ...options, tell: () => undefined });
  return await new V2Keys(connection, "datadoghq.com").currentUser();
}

test("the current user's answer has the organisation's id, and its name if the answer includes it", async () => {
  const data = { ...user, relationships: { org: { data: { type: "orgs", id: orgId } } } };
  const who = { id: user.id, email: "ada@example.com", handle: "ada" };
  expect(await currentUser({ data })).toEqual({ ...who, orgId });
  const other = { type: "orgs", id: "another", attributes: { name: "Others" } };
  const org = { type: "orgs", id: orgId, attributes: { name: "ACME" } };
  expect(await currentUser({ data, included: [other, org] })).toEqual({ ...who, orgId, orgName: "ACME" });
});

test.each([{}, { relationships: {} }, { relationships: { org: { data: null } } }])(
  "a current user without an organisation (%j) is still a user",
  async (more) => {
    expect(await currentUser({ data: { ...user, ...more } })).toEqual({
      id: user.id,
      email: "ada@example.com",
      handle: "ada",
    });
  },
);
