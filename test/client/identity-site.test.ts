import net from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { createProvider } from "../../provider/lifecycle/provider";
import { messagesOf } from "./support/messages";
import { modes, secretsOf, start, startTwo } from "./support/organisations";
import { Stack } from "./support/stack";

describe("if the site of a key changes while datadog:apiUrl is set", () => {
  test.each(modes)(
    "with %s, the old key does not count as gone because another organisation does not have it",
    async (_, options, more) => {
      const { here, there } = await startTwo(options);
      const stack = new Stack(here);
      await stack.up({ ci: { name: "ci", site: "datadoghq.com", ...more } });
      const [old = ""] = secretsOf(here);
      const { errors } = await stack.up({ ci: { name: "ci", site: "datadoghq.eu", ...more } }, { organisation: there });
      expect(errors).toHaveLength(1);
      expect(errors[0]?.message).toContain(here.orgId);
      expect(errors[0]?.message).toContain(there.orgId);
      expect(secretsOf(here)).toEqual([old]);
      expect(stack.state().map(({ outputs }) => outputs.hash)).toContain(old);
    },
  );

  test.each(modes)(
    "with %s, the key is replaced if both sites lead to the same organisation",
    async (_, options, more) => {
      const here = await start(options);
      const stack = new Stack(here);
      await stack.up({ ci: { name: "ci", site: "datadoghq.com", ...more } });
      const [old] = secretsOf(here);
      const { errors } = await stack.up({ ci: { name: "ci", site: "datadoghq.eu", ...more } });
      expect(messagesOf(errors)).toEqual([]);
      expect(secretsOf(here)).toHaveLength(1);
      expect(secretsOf(here)).not.toContain(old);
    },
  );
});

describe("if the configured address is the API of another site than the key's", () => {
  const commands = {
    refresh: (stack: Stack, as: object) => stack.refresh(as),
    destroy: (stack: Stack, as: object) => stack.destroy(as),
    rename: (stack: Stack, as: object) => stack.up({ ci: { name: "ci 2", site: "datadoghq.com" } }, as),
    rotation: (stack: Stack, as: object) =>
      stack.up({ ci: { name: "ci", site: "datadoghq.com", keepers: { turn: "2" } } }, as),
  };

  test.each(["refresh", "destroy", "rename", "rotation"] as const)("a %s fails and sends nothing", async (command) => {
    const here = await start();
    const stack = new Stack(here);
    await stack.up({ ci: { name: "ci", site: "datadoghq.com" } });
    const state = JSON.stringify(stack.state());
    const before = here.requests().length;
    // If anything is sent by mistake, this proxy counts it and passes nothing on.
    const proxy = await startProxy();
    const organisation = { ...here, url: "https://api.datadoghq.eu" };
    const { errors } = await commands[command](stack, { organisation, env: { HTTPS_PROXY: proxy.url } });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain("datadoghq.com");
    expect(errors[0]?.message).toContain("datadoghq.eu");
    expect(proxy.connections()).toBe(0);
    expect(here.requests()).toHaveLength(before);
    expect(JSON.stringify(stack.state())).toBe(state);
  });
});

test("get fails and sends nothing if datadog:site and the configured address name different sites", async () => {
  const proxy = await startProxy();
  const env = {
    DD_SITE: "datadoghq.com",
    DD_HOST: "https://api.datadoghq.eu",
    DD_API_KEY: "a".repeat(32),
    DD_APP_KEY: "b".repeat(40),
    HTTPS_PROXY: proxy.url,
  };
  const provider = createProvider({ env, tell: () => undefined });
  await expect(provider.read("00000000-0000-4000-8000-000000000000")).rejects.toThrow(
    "DD_HOST is the address of datadoghq.eu, and DD_SITE says datadoghq.com",
  );
  expect(proxy.connections()).toBe(0);
});

async function startProxy() {
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`, connections: () => connections };
}
