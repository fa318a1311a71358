import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { chromium } from "@playwright/test";
import { test as base, expect } from "../e2e/fixtures.ts";
import { chromiumLaunchOptions } from "../e2e/kit/chromium.ts";
import { send } from "../e2e/kit/http.ts";
import { freePort, type Neighbour, startNeighbour } from "../e2e/kit/neighbours.ts";
import { enter, makePerson, PASSWORD } from "../e2e/kit/people.ts";
import { keepCookies, keepSecrets } from "../e2e/kit/secrets.ts";
import { type Server, startServer } from "../e2e/kit/server.ts";
import { AMBIGUOUS_REQUESTS, SMUGGLED_PATH } from "../e2e/kit/smuggling.ts";

const HOST = "login.example.com";
const APP_URL = `https://${HOST}`;
const METRICS_TOKEN = "a-token-that-only-the-scraper-knows";
const CLIENT = "127.0.0.9";

type Site = { server: Server; nginx: Neighbour; port: number; plainPort: number };
type Fixtures = { site: Site };

const test = base.extend<Record<never, never>, Fixtures>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await startServer({
        APP_URL,
        TRUSTED_PROXIES: "1",
        METRICS_TOKEN,
        RATE_LIMITS: "on",
        MAIL_TRANSPORT: "smtp",
        SMTP_URL: "smtps://127.0.0.1:1",
        MAIL_FROM: "login@example.com",
      });
      const site = await startNginx(new URL(server.origin).host);
      await use({ server, ...site });
      await site.nginx.stop();
      await server.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

/** docs/nginx.conf with this test's ports, certificate and log files, and nothing else of it changed. */
async function startNginx(upstream: string): Promise<Omit<Site, "server">> {
  const published = await readFile(join(import.meta.dirname, "../docs/nginx.conf"), "utf8");
  const plainPort = await freePort();
  let port = 0;
  const files = (folder: string, tlsPort: number) => {
    port = tlsPort;
    const replacements: [string, string][] = [
      ["server 127.0.0.1:3000;", `server ${upstream};`],
      ["listen 80;\n    listen [::]:80;", `listen 127.0.0.1:${plainPort};`],
      ["listen 443 ssl http2;\n    listen [::]:443 ssl http2;", `listen 127.0.0.1:${tlsPort} ssl http2;`],
      ["/etc/ssl/login.example.com/fullchain.pem", `${folder}/certificate.pem`],
      ["/etc/ssl/login.example.com/privkey.pem", `${folder}/key.pem`],
      ["/var/log/nginx/keyturn.log", `${folder}/access.log`],
      ["/var/log/nginx/keyturn-error.log", `${folder}/error.log`],
    ];
    const site = replacements.reduce((text, [from, to]) => {
      expect(text.split(from), from).toHaveLength(2);
      return text.replace(from, to);
    }, published);
    return { "site.conf": site, "nginx.conf": around(folder), ...selfSigned() };
  };
  const nginx = await startNeighbour(files, (folder) => [
    "nginx",
    "-p",
    folder,
    "-c",
    `${folder}/nginx.conf`,
  ]);
  return { nginx, port, plainPort };
}

function around(folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off;
pid ${folder}/pid;
error_log stderr crit;
events {}
http {
${temporary.map((kind) => `  ${kind}_temp_path ${folder}/${kind};`).join("\n")}
  include ${folder}/site.conf;
}
`;
}

function selfSigned(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "keyturn-certificate-"));
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const subject = ["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  const out = ["-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", ...curve, ...subject, ...out], { stdio: "ignore" });
  const made = { "key.pem": readFileSync(key, "utf8"), "certificate.pem": readFileSync(certificate, "utf8") };
  rmSync(folder, { recursive: true });
  return made;
}

type Answer = { status: number; headers: IncomingHttpHeaders; body: Record<string, unknown> };

/** One request from another address of this machine, with the certificate verified for the host's name. */
function ask(
  { nginx, port }: Site,
  call: string,
  { json, headers = {} }: { json?: object; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const [method = "", path = ""] = call.split(" ");
  const body = json && JSON.stringify(json);
  const options = {
    host: "127.0.0.1",
    port,
    method,
    path,
    servername: HOST,
    ca: readFileSync(join(nginx.folder, "certificate.pem")),
    localAddress: CLIENT,
    headers: { host: HOST, ...(body && { "content-type": "application/json" }), ...headers },
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(options, async (incoming) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      keepCookies(incoming.headers["set-cookie"]);
      const isJson = incoming.headers["content-type"] === "application/json";
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        body: isJson && text ? JSON.parse(text) : {},
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

test("the published configuration serves over TLS with HSTS, and cookies that only this host can set", async ({
  site,
}) => {
  const { email } = await makePerson(site.server);
  const entered = await ask(site, "POST /api/token", {
    json: { email, password: PASSWORD },
    headers: { origin: APP_URL, "x-token-delivery": "cookie" },
  });
  expect(entered.status).toBe(200);
  expect(entered.headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
  const cookies = (entered.headers["set-cookie"] ?? []).filter((line) => !line.includes("Max-Age=0"));
  expect(cookies.map((line) => line.split("=")[0])).toEqual([
    "__Host-keyturn_access",
    "__Host-keyturn_refresh",
  ]);
  for (const cookie of cookies) {
    expect(cookie.split("; ").slice(1).sort()).toEqual([
      "HttpOnly",
      expect.stringMatching(/^Max-Age=\d+$/),
      "Path=/",
      "SameSite=Lax",
      "Secure",
    ]);
  }
  const page = await ask(site, "GET /login");
  expect(page.status).toBe(200);
  expect(page.headers["strict-transport-security"]).toBe("max-age=31536000; includeSubDomains");
  expect(page.headers["x-request-id"]).toEqual(expect.any(String));
});

test("over plain http a page leads to https, and a call is refused", async ({ site }) => {
  const origin = `http://127.0.0.1:${site.plainPort}`;
  const plain = (call: string) => send({ origin }, call, { headers: { host: HOST } });
  for (const path of ["/", "/login", "/reset-password?token=x"]) {
    expect(await plain(`GET ${path}`)).toMatchObject({ status: 301, headers: { location: `${APP_URL}/` } });
  }
  for (const call of ["POST /api/token", "GET /api/me", "POST /logout_token", "POST /logout_token/"]) {
    expect((await plain(call)).status, call).toBe(404);
  }
});

test("a person's own address is seen, not the proxy's and not a forged one", async ({ site }) => {
  const { email } = await makePerson(site.server);
  const headers = { "x-forwarded-for": "203.0.113.66", "x-forwarded-host": "evil.example" };
  const entered = await ask(site, "POST /api/token", { json: { email, password: PASSWORD }, headers });
  const { access } = entered.body as { access: string };
  keepSecrets(access);
  const { body } = await ask(site, "GET /api/sessions", {
    headers: { authorization: `Bearer ${access}`, ...headers },
  });
  expect(body.results).toEqual([expect.objectContaining({ ip: CLIENT })]);
});

test("links from mails leave no secret in nginx's logs, and metrics stay inside", async ({ site }) => {
  const secret = "a-secret-that-stands-in-a-link";
  expect((await ask(site, `GET /reset-password?token=${secret}`)).status).toBe(200);
  const { access } = await enter(site.server);
  await ask(site, "GET /api/me", { headers: { authorization: `Bearer ${access}` } });
  for (const path of ["/api/metrics", "/api/metrics/", "/api//metrics", "/api/%6detrics"]) {
    const answer = await ask(site, `GET ${path}`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    expect(answer.status, path).toBe(404);
  }
  const read = (name: string) => readFile(join(site.nginx.folder, name), "utf8");
  await expect.poll(() => read("access.log")).toContain("GET /api/me 200");
  const logs = (await read("access.log")) + (await read("error.log")) + site.nginx.printed();
  expect(logs).toContain("GET /reset-password 200");
  for (const hidden of [secret, access, METRICS_TOKEN]) expect(logs).not.toContain(hidden);
});

test("nginx and Keyturn never see different numbers of requests in one", async ({ site }) => {
  const seenByNginx = async () => {
    const lines = (await readFile(join(site.nginx.folder, "access.log"), "utf8")).split("\n");
    return lines.filter((line) => line.includes(` ${SMUGGLED_PATH} `)).length;
  };
  const seenByKeyturn = () => site.server.log().split(`"route":"${SMUGGLED_PATH}"`).length - 1;
  for (const [fault, bytes] of AMBIGUOUS_REQUESTS) {
    await sendOverTls(site, bytes);
    for (const _ of Array(3)) {
      expect((await ask(site, "GET /api/health")).body, fault).toEqual({ status: "ok" });
    }
  }
  expect((await ask(site, `GET ${SMUGGLED_PATH}`)).status).toBe(200);
  await expect.poll(seenByNginx).toBeGreaterThan(0);
  await expect.poll(seenByKeyturn).toBe(await seenByNginx());
});

/** Sends bytes as they are and waits until nginx closes the connection, or has said nothing more for a second. */
function sendOverTls({ nginx, port }: Site, bytes: string): Promise<void> {
  const ca = readFileSync(join(nginx.folder, "certificate.pem"));
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, servername: HOST, ca }, () =>
      socket.write(bytes, "latin1"),
    );
    socket.setTimeout(1_000, () => socket.destroy());
    socket
      .resume()
      .once("error", reject)
      .once("close", () => resolve());
  });
}

test("a person logs in with a browser that trusts nothing but https", async ({ site }) => {
  const { email } = await makePerson(site.server);
  const { args = [], ...launching } = await chromiumLaunchOptions();
  const rules = `--host-resolver-rules=MAP ${HOST} 127.0.0.1:${site.port}`;
  const browser = await chromium.launch({ ...launching, args: [...args, rules] });
  try {
    const context = await browser.newContext({ baseURL: APP_URL, ignoreHTTPSErrors: true });
    const page = await context.newPage();
    await page.goto("/login?next=/account/sessions");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(`${APP_URL}/account/sessions`);
    await expect(page.getByText("This device").first()).toBeVisible();
    const held = await context.cookies();
    keepSecrets(...held.map(({ value }) => value));
    expect(held.map(({ name, secure, httpOnly }) => [name, secure, httpOnly])).toEqual(
      expect.arrayContaining([
        ["__Host-keyturn_access", true, true],
        ["__Host-keyturn_refresh", true, true],
      ]),
    );
  } finally {
    await browser.close();
  }
});
