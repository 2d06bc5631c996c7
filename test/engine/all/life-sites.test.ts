import { writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import path from "node:path";
import tls from "node:tls";
import { generate } from "selfsigned";
import { expect, onTestFinished, test } from "vitest";
import { sites } from "../../../provider/datadog/sites.ts";
import { startSandbox } from "../../../sandbox/index.ts";
import { connection, credentials, keysProject } from "../support/sandboxed.ts";

/**
 * Stands in for the network between the provider and Datadog's nine sites: a proxy that accepts every tunnel, ends TLS
 * with a certificate for all sites, and passes the requests to a sandbox.
 */
async function internet(sandboxUrl: string) {
  const hosts = sites.map((site) => `api.${site}`);
  const certificate = await generate([{ name: "commonName", value: "Test" }], {
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: ["localhost", ...hosts].map((value) => ({ type: 2, value })) },
    ],
  });
  const tunnels: string[] = [];
  const requests: string[] = [];
  const origin = http.createServer((request, response) => {
    requests.push(`${request.method ?? ""} https://${request.headers.host ?? ""}${request.url ?? ""}`);
    request.pipe(
      http.request(
        sandboxUrl + (request.url ?? ""),
        { method: request.method ?? "GET", headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      ),
    );
  });
  const secure = { key: certificate.private, cert: certificate.cert };
  const direct = tls.createServer(secure, (socket) => origin.emit("connection", socket));
  const proxy = http.createServer((request, response) => {
    requests.push(`in the clear: ${request.method ?? ""} ${request.url ?? ""}`);
    response.writeHead(502).end();
  });
  proxy.on("connect", (request: http.IncomingMessage, socket: Socket) => {
    tunnels.push(request.url ?? "");
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    direct.emit("connection", socket);
  });
  const listening = [direct, proxy].map(
    (server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)),
  );
  await Promise.all(listening);
  const port = (server: http.Server | tls.Server) => (server.address() as AddressInfo).port;
  return {
    authority: certificate.cert,
    tunnels,
    requests,
    proxyUrl: `http://127.0.0.1:${port(proxy)}`,
    directUrl: `https://localhost:${port(direct)}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
      direct.close();
    },
  };
}

test("each of the nine sites is reached at its own address, through a tunnel of HTTPS_PROXY unless NO_PROXY excludes it", async () => {
  const sandbox = await startSandbox();
  const net = await internet(sandbox.url);
  onTestFinished(() => {
    net.close();
    return sandbox.close();
  });
  const { project, declare } = await keysProject();
  const authority = path.join(project.folder, "authority.pem");
  await writeFile(authority, net.authority);
  const local = connection("local", sandbox);
  const stack = await project.stack("dev", {
    ...local,
    config: { "datadog-local:apiUrl": net.directUrl },
    // Without `apiUrl`, the provider uses the sites' own addresses.
    env: {
      ...credentials(sandbox),
      DD_HOST: "",
      HTTPS_PROXY: net.proxyUrl,
      NO_PROXY: "localhost,127.0.0.1",
      NODE_EXTRA_CA_CERTS: authority,
    },
  });

  await declare({
    ...Object.fromEntries(sites.map((site) => [site, { name: site, site }])),
    local: { name: "local", connection: "local" },
  });
  const up = await stack.up();
  expect(up).toMatchObject({ exitCode: 0 });
  const v1 = "/api/v1/application_key";
  const v2 = "/api/v2/current_user/application_keys";
  const posts = sites.map((site) => `POST https://api.${site}${site.includes("ddog-gov") ? v2 : v1}`);
  expect(net.requests.filter((request) => request.includes("POST")).sort()).toEqual(
    [...posts, `POST ${net.directUrl}${v1}`].sort(),
  );
  expect([...new Set(net.tunnels)].sort()).toEqual(sites.map((site) => `api.${site}:443`).sort());
  expect(net.requests.filter((request) => request.startsWith("in the clear"))).toEqual([]);
  expect(
    sandbox
      .keys()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...sites, "local"].sort());
});
