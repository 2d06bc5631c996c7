import { readSettings } from "../../../provider/settings";

/** The keys of a test run, by the beginning of their names; nothing else is ever touched. */
export const testPrefix = "pulumi-datadog-application-key-test-";

/** An organisation to hold the provider against. */
export interface Target {
  site: string;
  env: Readonly<Record<string, string | undefined>>;
  close(): Promise<void>;
}

/** The organisation that the environment's credentials are for. */
export function targetOf(env: Target["env"]): Target {
  const { site, faults } = readSettings({}, () => undefined, env);
  if (!site || faults.length > 0) throw new Error(faults.map(({ reason }) => reason).join("; "));
  return { site, env, close: () => Promise.resolve() };
}

interface Listed {
  data: { id: string; attributes: { name: string } }[];
}

const collection = "/api/v2/current_user/application_keys";

/** Names of the caller's keys that begin so, asked without the provider's help. */
export async function keyNames(target: Target, beginning: string): Promise<string[]> {
  return (await keysOf(target, beginning)).map(({ attributes }) => attributes.name);
}

/** Revokes each of the caller's test keys, those of a run that was killed among them. */
export async function removeTestKeys(target: Target): Promise<void> {
  for (const { id } of await keysOf(target, testPrefix)) await call(target, "DELETE", `${collection}/${id}`);
}

async function keysOf(target: Target, beginning: string): Promise<Listed["data"]> {
  const query = new URLSearchParams({ filter: beginning, "page[size]": "100" });
  const { data } = (await (await call(target, "GET", `${collection}?${query.toString()}`)).json()) as Listed;
  return data.filter(({ attributes }) => attributes.name.startsWith(beginning));
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
