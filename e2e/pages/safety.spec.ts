import type { Page } from "@playwright/test";
import { openApp } from "@/lib/app/running-app.ts";
import { parseSettings } from "@/lib/settings/env.ts";
import { createDatabaseUrl } from "../kit/database-server.ts";
import { send } from "../kit/http.ts";
import { makePerson } from "../kit/people.ts";
import { launch, type Server } from "../kit/server.ts";
import { expectAccessible } from "./accessible.ts";
import { enterBrowser, expect, fillIn, mailTo, originOf, test } from "./fixtures.ts";
import { freePort } from "./own-origin.ts";

test.describe.configure({ mode: "parallel" });

/** A server that has just started loads the pages' framework with its first page. */
const FIRST_PAGE_WITHIN_MS = 15_000;
const WIDTHS = [320, 1280];
const PATHS = [
  "/",
  "/login",
  "/login/code",
  "/register",
  "/register/code",
  "/accept-invitation?token=x",
  "/account/sessions",
  "/account/security",
  "/account",
  "/account/activity",
  "/not-me?token=x",
  "/forgot-password",
  "/undo-email-change?token=x",
  "/reset-password?token=x",
  "/docs",
  "/dev/mailbox",
  "/there-is-no-such-page",
  "/.well-known/there-is-no-such-file",
];

/** Everything a browser complains of while it shows a page. */
async function complaintsOf(page: Page): Promise<() => Promise<string[]>> {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && !isExpected(message.text())) {
      complaints.push(`${page.url()} ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()} ${error.message}`));
  await page.exposeFunction("reportViolation", (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      const report = (window as unknown as { reportViolation(text: string): void }).reportViolation;
      report(`${location.pathname}: ${violatedDirective} ${blockedURI}`);
    });
  });
  return async () => complaints;
}

/**
 * The browser notes the status of a page that is not there, and of a call that needs a code or a confirmation; and that
 * the checker asks a mail's sandboxed frame, which answers nobody.
 */
function isExpected(text: string): boolean {
  return (
    /the server responded with a status of (401|403|404)/.test(text) ||
    /'postMessage'.*recipient window's origin \('null'\)/.test(text)
  );
}

for (const width of WIDTHS) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 800 } });

    test("no page before a log-in has anything that axe finds, scrolls sideways, or makes the browser complain", async ({
      page,
      careful,
    }) => {
      test.setTimeout(180_000);
      const complaints = await complaintsOf(page);
      for (const path of PATHS) {
        await page.goto(path);
        await expect(page.getByRole("heading").first()).toBeVisible();
        await expectAccessible(page);
      }
      await page.goto("/login");
      await page.getByRole("button", { name: "Log in" }).click();
      await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(2);
      await expectAccessible(page);
      await fillIn(page, careful);
      await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
      await expectAccessible(page);
      await page.goto("/register");
      await page.getByRole("button", { name: "Create an account" }).click();
      await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toHaveCount(2);
      await page.getByLabel("Password", { exact: true }).fill("a rather good pass phrase");
      await expectAccessible(page);
      await page.getByLabel("E-mail address").fill(`wide-${width}@example.com`);
      await page.getByRole("button", { name: "Create an account" }).click();
      await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
      await expectAccessible(page);
      await page.goto("/dev/mailbox");
      await expect(page.getByRole("heading", { name: "As text" })).toBeVisible();
      await expectAccessible(page);
      expect(await complaints()).toEqual([]);
    });

    test("nor has any page of an account", async ({ page, browser, site, person }) => {
      test.setTimeout(120_000);
      const complaints = await complaintsOf(page);
      const other = await browser.newContext({ userAgent: "curl/8" });
      await enterBrowser(other, site, person);
      await enterBrowser(page.context(), site, person);
      for (const path of ["/account", "/account/activity", "/account/activity?cursor=x"]) {
        await page.goto(path);
        await expect(page.getByRole("navigation", { name: "Account" })).toBeVisible();
        await expectAccessible(page);
      }
      await page.goto("/account");
      await page.getByRole("button", { name: "Delete account" }).click();
      await expect(page.getByRole("alertdialog").getByLabel("Your password")).toBeFocused();
      await expectAccessible(page, "[role=alertdialog]");
      await page.goto("/account/sessions");
      await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
      await expectAccessible(page);
      await page
        .getByRole("button", { name: /^Name / })
        .first()
        .click();
      await expect(page.getByLabel("Name of this device")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Log out everywhere" }).click();
      const dialog = page.getByRole("alertdialog");
      await expect(dialog).toBeVisible();
      // The page behind is hidden from screen readers, which axe can't tell from one that has no headings; that the
      // focus can't go there either is seen here.
      await expectAccessible(page, "[role=alertdialog]");
      for (let press = 0; press < 4; press += 1) {
        await page.keyboard.press("Tab");
        await expect(dialog.getByRole("button").and(page.locator(":focus"))).toBeVisible();
      }
      await page.keyboard.press("Escape");
      await page.goto("/account/security");
      await expect(page.getByRole("heading", { name: "Security" })).toBeVisible();
      await expectAccessible(page);
      const { db } = await site.app();
      await db.$client`update sessions set authenticated_at = created_at - interval '1 hour'`;
      await page.getByRole("switch").click();
      const confirming = page.getByRole("alertdialog", { name: "Confirm it's you" });
      await expect(confirming).toBeVisible();
      await expectAccessible(page, "[role=alertdialog]");
      await confirming.getByRole("button", { name: "Send me a code instead" }).click();
      await expect(confirming.getByLabel("Code")).toBeVisible();
      await expectAccessible(page, "[role=alertdialog]");
      await confirming.getByRole("button", { name: "Cancel" }).click();
      await other.close();
      expect(await complaints()).toEqual([]);
    });
  });
}

test("the look-out for complaints sees a script that the policy stops", async ({ page }) => {
  const complaints = await complaintsOf(page);
  await page.goto("/login");
  await page.evaluate(() => {
    const image = document.createElement("img");
    image.setAttribute("onerror", "alert(1)");
    image.src = "data:,";
    document.body.append(image);
  });
  await expect.poll(async () => (await complaints()).join()).toContain("script-src");
});

test.describe("what pages tell a browser", () => {
  for (const path of PATHS) {
    test(`${path} is under a policy of its own, kept nowhere and framed nowhere`, async ({ site }) => {
      const [first, second] = [await send(site, `GET ${path}`), await send(site, `GET ${path}`)];
      expect(first.headers).toMatchObject({
        "cache-control": expect.stringContaining("no-store"),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": expect.stringContaining("camera=()"),
      });
      expect(first.headers).not.toHaveProperty("x-powered-by");
      const policy = String(first.headers["content-security-policy"]);
      const [, nonce] = /script-src 'self' 'nonce-([\w-]{20,})' 'strict-dynamic';/.exec(policy) ?? [];
      expect(nonce, policy).toBeDefined();
      expect(policy).not.toMatch(/script-src[^;]*unsafe/);
      for (const rule of [
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
        "form-action 'self'",
      ]) {
        expect(policy).toContain(rule);
      }
      expect(second.headers["content-security-policy"]).not.toContain(nonce);
      const scripts = first.text.match(/<script\b[^>]*>/g) ?? [];
      for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
    });
  }

  for (const path of ["/icon.svg", "/_next/static/there-is-no-such-file.js", "/robots.txt", "/api/health"]) {
    test(`${path} is shown in no frame and taken for nothing else`, async ({ site }) => {
      expect((await send(site, `GET ${path}`)).headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      });
    });
  }

  for (const path of PATHS) {
    test(`${path} can't be traced`, async ({ site }) => {
      const answer = await send(site, `TRACE ${path}`);
      expect(answer).toMatchObject({ status: 405, text: "", headers: { allow: "GET, HEAD, POST" } });
    });
  }

  test("http to this machine is not asked to be https for ever", async ({ site }) => {
    expect((await send(site, "GET /login")).headers).not.toHaveProperty("strict-transport-security");
  });

  for (const header of ["rsc", "next-router-prefetch", "x-middleware-subrequest", "x-middleware-next"]) {
    test(`${header}: a visitor gets nothing private by this header`, async ({ site }) => {
      const headers = {
        [header]: header === "x-middleware-subrequest" ? "proxy:proxy:proxy:proxy:proxy" : "1",
      };
      const answer = await send(site, `GET /account/sessions${header === "rsc" ? "?_rsc" : ""}`, { headers });
      expect(answer.text).not.toContain("Trusted devices");
      expect(`${answer.status} ${answer.headers.location} ${answer.text}`).toContain("/login?next=");
    });
  }

  test("a mailed link's secret goes to no other page and no other site", async ({ page }) => {
    const referrers: string[] = [];
    page.on("request", (request) => referrers.push(request.headers().referer ?? ""));
    await page.goto("/reset-password?token=a-secret-of-a-link");
    await page.getByRole("link", { name: "Keyturn" }).click();
    await expect(page).toHaveURL("/");
    for (const referrer of referrers) expect(referrer).not.toContain("a-secret-of-a-link");
  });
});

test("no token, hash or secret is in a page or what it loads", async ({ page, site, person }) => {
  const texts: string[] = [];
  page.on("response", async (response) => {
    texts.push(await response.text().catch(() => ""));
  });
  await enterBrowser(page.context(), site, person);
  const answer = await page.goto("/account/sessions");
  texts.push((await answer?.text()) ?? "");
  await page.reload();
  await page.goto("/");
  const held = (await page.context().cookies()).map(({ value }) => value);
  const { db } = await site.app();
  const [row] = await db.$client`select password_hash from users where id = ${person.id}`;
  expect(held).toHaveLength(2);
  expect(texts.join("").length).toBeGreaterThan(10_000);
  const secrets = [...held, ...held.map((token) => token.split(".")[2] ?? token), row?.password_hash];
  for (const secret of [...secrets, site.variables.SECRET_KEY, "argon2id", person.password]) {
    expect(secret).toBeTruthy();
    for (const text of texts) expect(text.includes(secret), secret).toBe(false);
  }
});

test("cookies are out of reach for scripts and other sites", async ({ page, site, careful }) => {
  await page.goto("/login");
  await fillIn(page, careful);
  await page.getByLabel("Trust this device for 30 days").check();
  expect((await page.context().cookies()).map(({ name }) => name)).toEqual(["keyturn_challenge"]);
  const [mail] = await mailTo(page.request, careful.email);
  await page.getByLabel("Code").fill(/^\d{6}$/m.exec(mail?.text ?? "")?.[0] ?? "");
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  const cookies = await page.context().cookies(originOf(site));
  expect(cookies.map(({ name }) => name).sort()).toEqual([
    "keyturn_access",
    "keyturn_device",
    "keyturn_refresh",
  ]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/", domain: "localhost" });
  }
  expect(await page.evaluate(() => document.cookie)).toBe("");
});

test("with https cookies are bound to the host, and https is asked for a year", async () => {
  const port = await freePort();
  const origin = "https://login.example.com";
  const variables = {
    APP_URL: origin,
    PORT: String(port),
    DATABASE_URL: await createDatabaseUrl(),
    SECRET_KEY: "a secret that only these tests use, long enough",
    RATE_LIMITS: "on",
    MAIL_TRANSPORT: "smtp",
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "login@example.com",
  };
  const launched = launch(variables);
  const here = { origin: `http://127.0.0.1:${port}` };
  const parsed = parseSettings({ TWO_FACTOR_DEFAULT: "off", ...variables });
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  await expect.poll(() => launched.log(), { timeout: 20_000 }).toContain("Keyturn is ready");
  const app = await openApp(parsed.settings);
  const { email, password } = await makePerson({ app: async () => app } as Server);
  const answer = await send(here, "POST /api/token", {
    json: { email, password },
    headers: { origin, "x-token-delivery": "cookie" },
  });
  expect(answer.status, answer.text).toBe(200);
  const cookies = (answer.headers["set-cookie"] ?? []).filter((line) => !line.includes("Max-Age=0"));
  expect(cookies).toHaveLength(2);
  for (const [i, name] of ["__Host-keyturn_access", "__Host-keyturn_refresh"].entries()) {
    expect(cookies[i]).toMatch(
      new RegExp(`^${name}=[\\w.-]+; Max-Age=\\d+; Path=/; HttpOnly; Secure; SameSite=Lax$`),
    );
  }
  const cookie = cookies.map((line) => line.split(";")[0]).join("; ");
  expect((await send(here, "GET /api/me", { headers: { cookie } })).status).toBe(200);
  const bare = cookie.replaceAll("__Host-", "");
  expect((await send(here, "GET /api/me", { headers: { cookie: bare } })).status).toBe(401);
  const insecure = await send(here, "POST /api/token", {
    json: { email, password },
    headers: { origin: origin.replace("https", "http"), "x-token-delivery": "cookie" },
  });
  expect(insecure.body).toMatchObject({ code: "csrf_failed" });
  const first = await send(here, "GET /login", { withinMs: FIRST_PAGE_WITHIN_MS });
  const [, script = ""] = /src="(\/_next\/static\/[^"]+\.js)"/.exec(first.text) ?? [];
  for (const path of [
    "/login",
    "/api/health",
    "/api/me",
    "/",
    "/there-is-no-such-page",
    "/icon.svg",
    script,
  ]) {
    const { headers } = await send(here, `GET ${path}`);
    expect(headers["strict-transport-security"], path).toBe("max-age=31536000; includeSubDomains");
  }
  for (const path of ["/dev/mailbox", "/api/dev/mailbox"]) {
    expect((await send(here, `GET ${path}`)).status).toBe(404);
  }
  await app.close();
  launched.process.kill("SIGTERM");
  expect(await launched.ended).toBe(0);
});
