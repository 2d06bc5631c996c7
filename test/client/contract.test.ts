import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UnexpectedAnswerError } from "../../provider/datadog/errors";
import type { RawInputs } from "../../provider/lifecycle/offline/check";
import type { CheckedInputs } from "../../provider/lifecycle/model/inputs";
import type { KeyState } from "../../provider/lifecycle/model/state";
import { type Provider, createProvider } from "../../provider/lifecycle/provider";
import { type SandboxOptions, startSandbox } from "../../sandbox/index";
import { opened } from "./support/engine/secrets";
import { VirtualClock } from "./support/virtual-clock";
import { type Target, keyNames, removeTestKeys, targetOf, testPrefix } from "./support/contract-target";

/**
 * The behaviour of Datadog that the provider relies on. `npm run test:live` checks it against Datadog, `npm test`
 * against the sandbox. The name of each key begins with the prefix that the clean-up looks for.
 */
const live = process.env["CONTRACT_TARGET"] === "live";

interface Subject {
  title: string;
  /** The version of the API. Undefined leaves the choice to the provider. */
  apiVersion?: "v1" | "v2";
  sandbox: SandboxOptions;
}

const subjects: Subject[] = [
  { title: "v1", apiVersion: "v1", sandbox: {} },
  { title: "v2", apiVersion: "v2", sandbox: {} },
  { title: "the version that the provider chooses", sandbox: {} },
  ...(live ? [] : [{ title: "One-Time Read mode", sandbox: { oneTimeRead: true } }]),
];

// Datadog's reads may be late, so a revoked key is looked for until it is thirty seconds old.
describe.each(subjects)("$title", { timeout: live ? 120_000 : 5_000 }, ({ apiVersion, sandbox: options }) => {
  let target: Target;
  let v1Disabled = false;
  const run = randomUUID().slice(0, 8);
  const name = (what: string) => `${testPrefix}${run}-${what}`;

  beforeAll(async () => {
    if (live) target = targetOf(process.env);
    else {
      const sandbox = await startSandbox(options);
      target = {
        site: "datadoghq.com",
        env: { DD_HOST: sandbox.url, DD_API_KEY: sandbox.apiKey, DD_APP_KEY: sandbox.appKey },
        close: () => sandbox.close(),
      };
    }
  });

  afterAll(async () => {
    // This also runs after a failure, so no test keys stay in the organisation.
    await removeTestKeys(target);
    await target.close();
  });

  /** The provider of one run of Pulumi. It knows nothing about earlier runs. */
  const provider = (): Provider =>
    createProvider({ env: target.env, tell: () => undefined, ...(!live && { clock: new VirtualClock() }) });
  const create = async (inputs: Partial<CheckedInputs> & { name: string }) => {
    const asked = { site: target.site, ...(apiVersion && { apiVersion }), ...inputs };
    const { id, outs } = await provider().create(asked);
    return { id, state: known(outs), asked };
  };
  const update = async (id: string, state: KeyState, news: RawInputs) =>
    known((await provider().update(id, state, news)).outs);

  test("a key is created, found, renamed, found, revoked and gone", async (context) => {
    const made = await create({ name: name("life") }).catch((error: unknown) => {
      // This shows whether a real organisation has v1.
      if (live && apiVersion === "v1") v1Disabled = true;
      else throw error;
    });
    if (!made) {
      context.skip("this organisation has v1 disabled");
      return;
    }
    const { id, state, asked } = made;
    expect(state).toMatchObject({
      name: name("life"),
      site: target.site,
      hash: expect.stringMatching(/^\S{40}$/) as string,
    });
    expect(state.owner).toMatch(/\S/);
    if (state.apiVersion === "v2")
      expect(state).toMatchObject({ keyId: id, createdAt: expect.stringMatching(/^\d{4}-/) as string });

    // Datadog's creation time may differ by a microsecond between two answers.
    const createdAt = expect.stringMatching(/^\d{4}-/) as string;
    const shown = (now: KeyState) => ({ ...now, ...(now.createdAt !== undefined && { createdAt }) });
    expect(opened(await provider().read(id, state)).values).toMatchObject({
      id,
      props: shown(state),
      inputs: { name: name("life") },
    });

    const news = { ...asked, name: name("renamed") };
    const renamed = await update(id, state, news);
    expect(renamed).toEqual({ ...shown(state), name: name("renamed") });
    expect(opened(await provider().read(id, renamed)).values).toMatchObject({ id, props: shown(renamed) });
    expect(await keyNames(target, testPrefix + run)).toEqual([name("renamed")]);

    await provider().delete(id, renamed);
    expect(await keyNames(target, testPrefix + run)).toEqual([]);
    expect(opened(await provider().read(id, renamed)).values).toEqual({ id: "" });
    // The key is already revoked.
    await provider().delete(id, renamed);
  });

  test("no second key with the same name is created", async (context) => {
    context.skip(v1Disabled, "this organisation has v1 disabled");
    const { id, state } = await create({ name: name("twice") });
    await expect(create({ name: name("twice") })).rejects.toThrow(/exists already/);
    expect(await keyNames(target, name("twice"))).toEqual([name("twice")]);
    await provider().delete(id, state);
  });

  // v1 has no scopes.
  if (apiVersion !== "v1") {
    test("scopes are set, changed in place and removed", async () => {
      const { id, state, asked } = await create({ name: name("scoped"), scopes: ["monitors_read", "dashboards_read"] });
      expect(state).toMatchObject({ scopes: ["dashboards_read", "monitors_read"] });
      const fewer = await update(id, state, { ...asked, scopes: ["monitors_read"] });
      expect(await provider().read(id, fewer)).toMatchObject({ props: { scopes: ["monitors_read"] } });
      const none = await update(id, fewer, { ...asked, scopes: [] });
      const { props } = opened(await provider().read(id, none)).values;
      expect(props).not.toHaveProperty("scopes");
      expect(props).toMatchObject({ hash: state.hash });
      await provider().delete(id, none);
    });

    test("an unknown scope is refused with Datadog's message, and no key is created", async () => {
      await expect(create({ name: name("unknown-scope"), scopes: ["no_such_scope"] })).rejects.toThrow(/^400 creating/);
      expect(await keyNames(target, name("unknown-scope"))).toEqual([]);
    });
  }

  test("wrong credentials are refused, and the message says what to check", async () => {
    const wrong = createProvider({ env: { ...target.env, DD_APP_KEY: "0".repeat(40) }, tell: () => undefined });
    const made = wrong.create({ name: name("wrong"), site: target.site, ...(apiVersion && { apiVersion }) });
    await expect(made).rejects.toThrow(/40[13] .*user_app_keys/s);
  });

  test("get finds a key by its id alone", async (context) => {
    context.skip(v1Disabled, "this organisation has v1 disabled");
    const { id, state } = await create({ name: name("get") });
    expect(await provider().read(id, { site: target.site } as KeyState)).toMatchObject({
      id,
      props: { name: name("get"), owner: state.owner },
    });
    await provider().delete(id, state);
  });
});

describe.skipIf(live)("the way to Datadog", () => {
  test.each([301, 302, 307, 308] as const)("a redirect with %i is not followed", async (status) => {
    const [sandbox, elsewhere] = await Promise.all([startSandbox(), startSandbox()]);
    try {
      sandbox.fail({ kind: "redirect", status, location: `${elsewhere.url}/api/v1/application_key`, times: Infinity });
      const env = { DD_HOST: sandbox.url, DD_API_KEY: sandbox.apiKey, DD_APP_KEY: sandbox.appKey };
      const redirected = createProvider({ env, tell: () => undefined }).create({ name: "ci", site: "datadoghq.com" });
      await expect(redirected).rejects.toBeInstanceOf(UnexpectedAnswerError);
      expect(elsewhere.requests()).toEqual([]);
      expect(sandbox.keys()).toEqual([]);
    } finally {
      await Promise.all([sandbox.close(), elsewhere.close()]);
    }
  });
});

function known(outs: KeyState | undefined): KeyState {
  if (!outs) throw new Error("the provider gave no outputs");
  return opened(outs).values;
}
