import { readSettings } from "../../../provider/settings";

/** Test keys have names with this prefix. The tests touch no other keys. */
export const testPrefix = "pulumi-datadog-application-key-test-";

/** The organisation that a contract test runs against: the sandbox or a real one. */
export interface Target {
  site: string;
  env: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

/** The organisation that the credentials in the environment belong to. */
export function targetOf(env: Target["env"]): Target {
  const { site, faults } = readSettings({}, () => undefined, env);
  if (!site || faults.length > 0) throw new Error(faults.map(({ reason }) => reason).join("; "));
  return { site, env, close: () => Promise.resolve() };
}

interface Listed {
  data: { id: string; attributes: { name: string } }[];
}

const collection = "/api/v2/current_user/application_keys";

/** Names of the current user's keys with this prefix, read without the provider. */
export async function keyNames(target: Target, prefix: string): Promise<string[]> {
  return (await keysOf(target, prefix)).map(({ attributes }) => attributes.name);
}

/** Revokes all test keys of the current user, including those that a killed run left behind. */
export async function removeTestKeys(target: Target): Promise<void> {
  for (const { id } of await keysOf(target, testPrefix)) await call(target, "DELETE", `${collection}/${id}`);
}

async function keysOf(target: Target, prefix: string): Promise<Listed["data"]> {
  const query = new URLSearchParams({ filter: prefix, "page[size]": "100" });
  const { data } = (await (await call(target, "GET", `${collection}?${query.toString()}`)).json()) as Listed;
  return data.filter(({ attributes }) => attributes.name.startsWith(prefix));
}

async function call({ env }: Target, method: string, path: string): Promise<Response> {
  const { settings } = readSettings({}, () => undefined, env);
  if (!settings) throw new Error("no credentials");
  const answer = await fetch(settings.apiUrl + path, {
    method,
    redirect: "error",
    headers: { "dd-api-key": settings.apiKey, "dd-application-key": settings.appKey, accept: "application/json" },
  });
  if (!answer.ok && answer.status !== 404) throw new Error(`${answer.status} to ${method} of test keys`);
  return answer;
}
