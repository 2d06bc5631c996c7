import { describe, expect, test } from "vitest";
import { proxyFor } from "../../provider/datadog/proxy";

const api = "https://api.datadoghq.com/api/v2/current_user";
const found = (env: Record<string, string>, target = api) => {
  const proxy = proxyFor(new URL(target), env);
  return proxy && `${proxy.variable} ${proxy.url.href}`;
};

describe("the proxy", () => {
  test.each([
    [{}, undefined],
    [{ HTTPS_PROXY: " " }, undefined],
    // The proxy for plain HTTP is not used for Datadog.
    [{ HTTP_PROXY: "http://a:1" }, undefined],
    [{ HTTPS_PROXY: "http://a:1" }, "HTTPS_PROXY http://a:1/"],
    [{ https_proxy: "http://b:1", HTTPS_PROXY: "http://a:1" }, "https_proxy http://b:1/"],
    [{ ALL_PROXY: "http://a:1" }, "ALL_PROXY http://a:1/"],
    [{ all_proxy: "http://b:1", ALL_PROXY: "http://a:1" }, "all_proxy http://b:1/"],
    [{ HTTPS_PROXY: "http://a:1", ALL_PROXY: "http://b:1" }, "HTTPS_PROXY http://a:1/"],
    [{ HTTPS_PROXY: "a:3128" }, "HTTPS_PROXY http://a:3128/"],
    [{ HTTPS_PROXY: "proxy.example.com" }, "HTTPS_PROXY http://proxy.example.com/"],
    [{ HTTPS_PROXY: "ada:geheim@a:3128" }, "HTTPS_PROXY http://ada:geheim@a:3128/"],
    [{ HTTPS_PROXY: "http://ada:ge@heim@a:3128" }, "HTTPS_PROXY http://ada:ge%40heim@a:3128/"],
    [{ HTTPS_PROXY: "https://a" }, "HTTPS_PROXY https://a/"],
    [{ HTTPS_PROXY: "HTTP://a:1" }, "HTTPS_PROXY http://a:1/"],
    [{ HTTPS_PROXY: "http://[::1]:3128" }, "HTTPS_PROXY http://[::1]:3128/"],
    [{ ALL_PROXY: "socks5://a:1080" }, "ALL_PROXY socks5://a:1080"],
    [{ ALL_PROXY: "socks5h://a:1080" }, "ALL_PROXY socks5h://a:1080"],
  ])("in %j is %j", (env, expected) => {
    expect(found(env as Record<string, string>)).toBe(expected);
  });

  test.each([
    "http://",
    "http://ada:ge#heim@a:3128",
    "http://ada:ge/heim@a:3128",
    "http://ada:1/geheim@a:3128",
    "http://ada:?geheim@a:3128",
    "http://dom\\ada:geheim@a:3128",
    "dom\\ada:geheim@a:3128",
    "http://ada:geheim%@a:3128",
    "http://ada:geheim@a:port",
    "ftp://ada:geheim@a:21",
    "file:///geheim",
  ])("with an invalid address (%s) is reported by its variable, without its password", (text) => {
    for (const variable of ["HTTPS_PROXY", "all_proxy"]) {
      expect(() => found({ [variable]: text })).toThrow(new RegExp(`^${variable} is not the address of a proxy$`));
    }
  });
});

describe("NO_PROXY", () => {
  const isExempt = (list: string, target = api, variable = "NO_PROXY") =>
    found({ HTTPS_PROXY: "http://a:1", [variable]: list }, target) === undefined;

  test.each([
    ["*", true],
    ["example.com,*", true],
    ["datadoghq.com", true],
    ["DATADOGHQ.COM", true],
    [".datadoghq.com", true],
    ["*.datadoghq.com", true],
    ["datadoghq.com.", true],
    ["com", true],
    ["api.datadoghq.com", true],
    [".api.datadoghq.com", true],
    ["*.api.datadoghq.com", false],
    ["api.datadoghq.com:443", true],
    ["api.datadoghq.com:8443", false],
    ["datadoghq.com:443", true],
    ["example.com, datadoghq.com", true],
    ["example.com datadoghq.com", true],
    ["", false],
    [",", false],
    [".", false],
    ["doghq.com", false],
    ["datadoghq.eu", false],
    ["xapi.datadoghq.com", false],
    ["10.0.0.0/8", false],
    ["0.0.0.0/0", false],
    ["https://api.datadoghq.com", false],
  ])("of %j exempts api.datadoghq.com: %j", (list, exempt) => {
    expect(isExempt(list)).toBe(exempt);
    expect(isExempt(list, api, "no_proxy")).toBe(exempt);
  });

  test.each([
    ["10.1.2.3", "https://10.1.2.3", true],
    ["10.1.2.3:443", "https://10.1.2.3", true],
    ["10.1.2.3", "https://10.1.2.4", false],
    ["10.0.0.0/8", "https://10.1.2.3:8443", true],
    ["10.0.0.0/8", "https://11.1.2.3", false],
    ["10.0.0.0/33", "https://10.1.2.3", false],
    ["10.0.0.0/", "https://10.1.2.3", false],
    ["2.3", "https://10.1.2.3", false],
    ["fd00::1", "https://[fd00::1]", true],
    ["[fd00::1]", "https://[fd00:0::1]", true],
    ["[fd00::1]:443", "https://[fd00::1]", true],
    ["[fd00::1]:1", "https://[fd00::1]", false],
    ["fd00::/8", "https://[fd12::1]", true],
    ["fd00::/8", "https://10.1.2.3", false],
    ["example.com:8443", "https://dd.example.com:8443", true],
  ])("of %j exempts %s: %j", (list, target, exempt) => {
    expect(isExempt(list, target)).toBe(exempt);
  });

  test("is not needed for the local machine", () => {
    for (const target of ["https://localhost:1", "https://127.0.0.1:1", "https://127.1.2.3", "https://[::1]:1"])
      expect(isExempt("", target)).toBe(true);
  });
});
