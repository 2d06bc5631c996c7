import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Sandbox, startSandbox } from "../../sandbox/index";
import { type ProcessOptions, ProviderProcess } from "./support/provider-process";
import { startProxy, startSocksProxy, startTlsFront } from "./support/proxies";

const host = "api.datadoghq.com";

describe("a proxy between the provider and Datadog", () => {
  let sandbox: Sandbox;
  let datadog: Awaited<ReturnType<typeof startTlsFront>>;

  beforeEach(async () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"])
      vi.stubEnv(name, undefined);
    // The certificate is not signed by an authority. The tests of TLS check which certificates are trusted.
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    sandbox = await startSandbox();
    datadog = await startTlsFront(sandbox.url, host);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await datadog[Symbol.asyncDispose]();
    await sandbox.close();
  });

  const create = (name: string, options: ProcessOptions = {}) =>
    new ProviderProcess({ ...sandbox, url: `https://${host}` }, options).create({ name });
  const names = () => sandbox.keys().map((key) => key.name);

  const forms: [string, (port: number) => [string, string]][] = [
    ["HTTPS_PROXY", (port) => ["HTTPS_PROXY", `http://127.0.0.1:${port}`]],
    ["https_proxy", (port) => ["https_proxy", `http://127.0.0.1:${port}/`]],
    ["ALL_PROXY", (port) => ["ALL_PROXY", `http://127.0.0.1:${port}`]],
    ["HTTPS_PROXY without a scheme", (port) => ["HTTPS_PROXY", `127.0.0.1:${port}`]],
  ];
  test.each(forms)("is used as %s names it, with one tunnel for several requests", async (_, form) => {
    await using proxy = await startProxy({ to: datadog.port });
    vi.stubEnv(...form(proxy.port));
    await create("ci");
    expect(names()).toEqual(["ci"]);
    expect(sandbox.requests().length).toBeGreaterThan(1);
    expect(proxy.asked).toEqual([`${host}:443`]);
    expect(proxy.logins).toEqual([""]);
  });

  test("can be reached over TLS", async () => {
    await using proxy = await startProxy({ to: datadog.port, secured: true });
    vi.stubEnv("HTTPS_PROXY", `https://127.0.0.1:${proxy.port}`);
    await create("ci");
    expect(names()).toEqual(["ci"]);
    expect(proxy.asked).toEqual([`${host}:443`]);
  });

  test.each([
    ["dom%5Cada:p%40ss", "dom\\ada:p@ss"],
    ["ada:p%C3%A4ss%20w%25rd%3A", "ada:päss w%rd:"],
    ["ada:p@ss", "ada:p@ss"],
    ["ada", "ada:"],
  ])("gets user and password (%s) decoded", async (login, expected) => {
    await using proxy = await startProxy({ to: datadog.port });
    vi.stubEnv("HTTPS_PROXY", `http://${login}@127.0.0.1:${proxy.port}`);
    await create("ci");
    expect(proxy.logins).toEqual([expected]);
  });

  test("may be a SOCKS proxy, with user and password", async () => {
    await using proxy = await startSocksProxy({ to: datadog.port });
    vi.stubEnv("ALL_PROXY", `socks5h://ada:p%40ss@127.0.0.1:${proxy.port}`);
    await create("ci");
    expect(names()).toEqual(["ci"]);
    expect(proxy.asked).toEqual([`${host}:443`]);
    expect(proxy.logins).toEqual(["ada:p@ss"]);
  });

  test.each(["datadoghq.com", ".datadoghq.com", "example.com,*"])("is not used if NO_PROXY is %s", async (list) => {
    await using proxy = await startProxy({ to: datadog.port });
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv("NO_PROXY", list);
    // A host name without an address, in a domain that NO_PROXY excludes.
    const { provider } = new ProviderProcess({ ...sandbox, url: "https://nowhere.invalid.datadoghq.com" });
    const state = { name: "ci", site: "datadoghq.com", apiVersion: "v2" } as const;
    await expect(provider.read("5ea50001-0000-4000-8000-000000000001", state)).rejects.toThrow(
      /no (address was found for|connection to) nowhere\.invalid\.datadoghq\.com/,
    );
    expect(proxy.asked).toEqual([]);
  });

  test.each(["http://ada:ge#heim@a:3128", "dom\\ada:geheim@a:3128", "http://ada:geheim%@a:1", "ftp://ada:geheim@a"])(
    "with an invalid address (%s) is reported by its variable, without the password",
    async (text) => {
      vi.stubEnv("HTTPS_PROXY", text);
      const error = await create("ci").catch(String);
      expect(error).toContain(
        "ERR_INVALID_URL listing the application keys (v1) on datadoghq.com: HTTPS_PROXY is not the address of a proxy. " +
          "Write it as http://host:port or http://user:password@host:port, and percent-encode special characters (@ is %40).",
      );
      expect(error).not.toMatch(/geheim|ge#heim/);
    },
  );

  test("is named without its password if it cannot be reached", async () => {
    const gone = await startProxy({ to: datadog.port });
    await gone[Symbol.asyncDispose]();
    vi.stubEnv("HTTPS_PROXY", `http://ada:geheim@127.0.0.1:${gone.port}`);
    const error = await create("ci").catch(String);
    expect(error).toContain(
      `ECONNREFUSED listing the application keys (v1) on datadoghq.com: no connection to the proxy in HTTPS_PROXY ` +
        `(127.0.0.1:${gone.port}) could be opened. Check the network, any proxy`,
    );
    expect(error).not.toContain("geheim");
  });

  test("is not used for an address of the local machine", async () => {
    await using proxy = await startProxy({ to: datadog.port });
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${proxy.port}`);
    vi.stubEnv("HTTP_PROXY", `http://127.0.0.1:${proxy.port}`);
    await new ProviderProcess(sandbox).create({ name: "ci" });
    const url = `https://localhost:${datadog.port}`;
    await new ProviderProcess({ ...sandbox, url }).create({ name: "cd" });
    expect(names().sort()).toEqual(["cd", "ci"]);
    expect(proxy.asked).toEqual([]);
  });
});
