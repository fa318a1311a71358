import { createServer, type Server as HttpServer } from "node:http";
import type { Page } from "@playwright/test";
import { makePerson, type Person } from "../kit/people.ts";
import { type Server, startServer } from "../kit/server.ts";
import { test as base, expect, originOf } from "./fixtures.ts";
import { freePort, ownOrigin } from "./own-origin.ts";

type Called = { status: number; body: Record<string, unknown> } | { blocked: true };
type Calling = { method?: string; json?: unknown; bearer?: string; cookies?: true };
type Worker = {
  /** An origin that the settings name, where a front end of its own is served. */
  listed: string;
  /** The same kind of page on an origin that they don't name. */
  unlisted: string;
  /** A Keyturn that both call. */
  keyturn: Server;
};

const test = base.extend<Record<never, never>, Worker>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
  listed: [({}, use) => withFrontEnd(use), { scope: "worker" }],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  unlisted: [({}, use) => withFrontEnd(use), { scope: "worker" }],
  keyturn: [
    async ({ listed }, use) => {
      const keyturn = await startServer({ ...(await ownOrigin()), CORS_ORIGINS: listed });
      await use(keyturn);
      await keyturn.stop();
    },
    { scope: "worker" },
  ],
  person: async ({ keyturn }, use) => use(await makePerson(keyturn)),
});

/** Serves a bare page on an origin of its own, as a separate front end is. */
async function withFrontEnd(use: (origin: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  const server: HttpServer = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end("<!doctype html><html lang='en'><title>A front end</title><h1>A front end</h1></html>");
  });
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
  await use(`http://localhost:${port}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** What a script of the page that is open gets when it calls Keyturn with `fetch`. */
function call(page: Page, keyturn: Server, path: string, calling: Calling = {}): Promise<Called> {
  return page.evaluate(
    async ({ url, method = "GET", json, bearer, cookies }) => {
      try {
        const answer = await fetch(url, {
          method,
          credentials: cookies ? "include" : "same-origin",
          headers: {
            ...(json !== undefined && { "Content-Type": "application/json" }),
            ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }),
            ...(cookies && { "X-Token-Delivery": "cookie" }),
          },
          ...(json !== undefined && { body: JSON.stringify(json) }),
        });
        return { status: answer.status, body: await answer.json() };
      } catch {
        return { blocked: true as const };
      }
    },
    { url: `${originOf(keyturn)}${path}`, ...calling },
  );
}

const credentials = ({ email, password }: Person) => ({ email, password });
const BLOCKED = { blocked: true };
const GOODBYE = { status: 200, body: { status: "OK, goodbye" } };

test.describe("a front end on an origin that the settings name", () => {
  test.beforeEach(({ page, listed }) => page.goto(listed).then(() => undefined));

  test("logs in, refreshes and logs out with tokens in JSON", async ({ page, keyturn, person }) => {
    const entered = await call(page, keyturn, "/api/token", { method: "POST", json: credentials(person) });
    const first = bodyOf(entered);
    expect(await call(page, keyturn, "/api/me", { bearer: first.access })).toMatchObject({
      status: 200,
      body: { email: person.email },
    });
    const refreshed = await call(page, keyturn, "/api/token/refresh", {
      method: "POST",
      json: { refresh: first.refresh },
    });
    const second = bodyOf(refreshed);
    expect(second.refresh).not.toBe(first.refresh);
    expect(await call(page, keyturn, "/api/me", { bearer: second.access })).toMatchObject({ status: 200 });
    const out = await call(page, keyturn, "/api/logout", { method: "POST", bearer: second.access });
    expect(out).toEqual(GOODBYE);
    expect(await call(page, keyturn, "/api/me", { bearer: second.access })).toMatchObject({
      status: 401,
      body: { code: "token_not_valid" },
    });
    expect(await page.context().cookies()).toEqual([]);
  });

  test("is open in three tabs that refresh with one token at one moment, and stays logged in in each", async ({
    page,
    context,
    listed,
    keyturn,
    person,
  }) => {
    const entered = await call(page, keyturn, "/api/token", { method: "POST", json: credentials(person) });
    const { refresh } = bodyOf(entered);
    const tabs = [page, await context.newPage(), await context.newPage()];
    for (const tab of tabs) await tab.goto(listed);
    const answers = await Promise.all(
      tabs.map(async (tab) => {
        const answer = await call(tab, keyturn, "/api/token/refresh", { method: "POST", json: { refresh } });
        const won = "status" in answer && answer.status === 200;
        if (won)
          await tab.evaluate((pair) => localStorage.setItem("pair", pair), JSON.stringify(answer.body));
        return won ? "won" : answer;
      }),
    );
    const refused = { status: 401, body: { code: "token_not_valid", reason: "rotated" } };
    expect(answers.filter((answer) => answer === "won")).toHaveLength(1);
    expect(answers.filter((answer) => answer !== "won")).toMatchObject([refused, refused]);
    for (const tab of tabs) {
      const kept = JSON.parse((await tab.evaluate(() => localStorage.getItem("pair"))) ?? "");
      expect(await call(tab, keyturn, "/api/me", { bearer: kept.access })).toMatchObject({ status: 200 });
      const json = { refresh: kept.refresh };
      const next = await call(tab, keyturn, "/api/token/refresh", { method: "POST", json });
      await tab.evaluate((pair) => localStorage.setItem("pair", pair), JSON.stringify(bodyOf(next)));
    }
  });

  test("logs in, refreshes and logs out with cookies that its scripts can't read", async ({
    page,
    keyturn,
    person,
  }) => {
    const cookies = true as const;
    const entered = await call(page, keyturn, "/api/token", {
      method: "POST",
      json: credentials(person),
      cookies,
    });
    expect(entered).toMatchObject({ status: 200, body: { user: { email: person.email } } });
    expect(bodyOf(entered)).not.toHaveProperty("access");
    expect(await page.evaluate(() => document.cookie)).toBe("");
    expect(await call(page, keyturn, "/api/me", { cookies })).toMatchObject({
      body: { email: person.email },
    });
    const before = await heldBy(page);
    const refreshed = await call(page, keyturn, "/api/token/refresh", { method: "POST", cookies });
    expect(refreshed).toMatchObject({ status: 200, body: { user: { email: person.email } } });
    const after = await heldBy(page);
    expect(Object.keys(after).sort()).toEqual(["keyturn_access", "keyturn_refresh"]);
    expect(after.keyturn_refresh).not.toBe(before.keyturn_refresh);
    expect(await call(page, keyturn, "/api/me", { cookies })).toMatchObject({ status: 200 });
    expect(await call(page, keyturn, "/api/logout", { method: "POST", cookies })).toEqual(GOODBYE);
    expect(await heldBy(page)).toEqual({ keyturn_ended: "logged_out" });
    expect(await call(page, keyturn, "/api/me", { cookies })).toMatchObject({ status: 401 });
  });

  test("is told why it is refused", async ({ page, keyturn, person }) => {
    const json = { ...credentials(person), password: "not the password" };
    expect(await call(page, keyturn, "/api/token", { method: "POST", json })).toMatchObject({
      status: 401,
      body: { code: "no_active_account" },
    });
  });
});

test.describe("a page on an origin that they don't name", () => {
  test("reads nothing, and gets no cookie even with the right password", async ({
    page,
    keyturn,
    unlisted,
    person,
  }) => {
    await page.goto(unlisted);
    const json = credentials(person);
    for (const cookies of [undefined, true] as const) {
      const calling = { method: "POST", json, ...(cookies && { cookies }) };
      expect(await call(page, keyturn, "/api/token", calling)).toEqual(BLOCKED);
      expect(await call(page, keyturn, "/api/health", cookies && { cookies })).toEqual(BLOCKED);
    }
    expect(await page.context().cookies()).toEqual([]);
    const { db } = await keyturn.app();
    expect(await db.$client`select id from sessions where user_id = ${person.id}`).toEqual([]);
  });

  test("can't use, refresh or end the log-in of a browser that is logged in elsewhere", async ({
    page,
    keyturn,
    listed,
    unlisted,
    person,
  }) => {
    const cookies = true as const;
    await page.goto(listed);
    await call(page, keyturn, "/api/token", { method: "POST", json: credentials(person), cookies });
    const held = await heldBy(page);
    await page.goto(unlisted);
    expect(await call(page, keyturn, "/api/me", { cookies })).toEqual(BLOCKED);
    for (const path of ["/api/token/refresh", "/api/logout", "/logout_token"]) {
      expect(await call(page, keyturn, path, { method: "POST", cookies })).toEqual(BLOCKED);
      const unread = await page.evaluate(
        (url) =>
          fetch(url, { method: "POST", mode: "no-cors", credentials: "include" }).catch(() => "blocked"),
        `${originOf(keyturn)}${path}`,
      );
      expect(unread).toBe("blocked");
    }
    expect(await heldBy(page)).toEqual(held);
    await page.goto(listed);
    expect(await call(page, keyturn, "/api/me", { cookies })).toMatchObject({ status: 200 });
  });
});

/** The body of an answer that came through. */
function bodyOf(called: Called): Record<string, string> {
  if ("blocked" in called) throw new Error("the browser let nothing be read");
  expect(called.status, JSON.stringify(called.body)).toBe(200);
  return called.body as Record<string, string>;
}

/** The browser's cookies by name. */
async function heldBy(page: Page): Promise<Record<string, string>> {
  return Object.fromEntries((await page.context().cookies()).map(({ name, value }) => [name, value]));
}
