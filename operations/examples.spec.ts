import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { addTo, browserOf, tokensFor } from "../e2e/kit/applications.ts";
import { type Example, startExample } from "../e2e/kit/examples.ts";
import { send } from "../e2e/kit/http.ts";
import { makePerson } from "../e2e/kit/people.ts";
import { type Server, startServer } from "../e2e/kit/server.ts";
import { test as base, expect } from "../e2e/oauth/fixtures.ts";
import { fillIn, originOf } from "../e2e/pages/fixtures.ts";
import { freePort, ownOrigin } from "../e2e/pages/own-origin.ts";

type TestFixtures = {
  /** Starts an example, which ends with the test. */
  start: typeof startExample;
};

const test = base.extend<TestFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
  start: async ({}, use) => {
    const started: Example[] = [];
    await use(async (...args) => {
      const example = await startExample(...args);
      started.push(example);
      return example;
    });
    for (const example of started) await example.stop();
  },
});

/** What became of an application's sessions, in the order in which they began. */
async function applicationSessions(keyturn: Server, clientId: string) {
  const { db } = await keyturn.app();
  return db.$client`select id, generation, revoked_reason from sessions where application_id = ${clientId} order by created_at`;
}

/** An application's page may forget who is logged in before the browser has been to Keyturn. */
async function expectLoggedOut(keyturn: Server, clientId: string): Promise<void> {
  await expect
    .poll(() => applicationSessions(keyturn, clientId))
    .toMatchObject([{ revoked_reason: "logged_out" }]);
}

test("the React page logs in, calls the API in two tabs while its tokens turn, and logs out", async ({
  page,
  context,
  keyturnWith,
  start,
}) => {
  const signing = await keyturnWith("ES256");
  const keyturn = await startServer({
    ...signing.variables,
    ...(await ownOrigin()),
    ACCESS_TOKEN_LIFETIME: "31s",
  });
  const [PORT, API] = [String(await freePort()), String(await freePort())];
  const shop = `http://localhost:${PORT}`;
  const { client_id } = await addTo(keyturn, {
    redirect_addresses: [`${shop}/`],
    logged_out_addresses: [`${shop}/`],
  });
  const places = { KEYTURN_URL: originOf(keyturn), API_URL: `http://localhost:${API}` };
  await start("node-api", { ...places, PORT: API, FRONT_END: shop }, /The API is at/);
  await start("react-single-page", { ...places, PORT, CLIENT_ID: client_id }, /My shop is at/);
  const person = await makePerson(keyturn);

  await page.goto(shop);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByText("My shop")).toBeVisible();
  await fillIn(page, person);
  await expect(page.getByText(`Hello, ${person.email}.`)).toBeVisible();
  await expect(page).toHaveURL(`${shop}/`);

  const second = await context.newPage();
  await second.goto(shop);
  await expect(second.getByText(`Hello, ${person.email}.`)).toBeVisible();
  const turned = async () =>
    (await applicationSessions(keyturn, client_id)).map(({ generation }) => generation);
  const [before = 0] = await turned();
  await expect(async () => {
    for (const tab of [page, second]) await tab.getByRole("button", { name: "Show my orders" }).click();
    for (const tab of [page, second]) await expect(tab.getByText(`"person":"${person.id}"`)).toBeVisible();
    expect((await turned())[0]).toBeGreaterThan(before + 1);
  }).toPass({ timeout: 30_000 });
  expect(await applicationSessions(keyturn, client_id)).toMatchObject([{ revoked_reason: null }]);
  await page.reload();
  await expect(page.getByText(`Hello, ${person.email}.`)).toBeVisible();

  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("button", { name: "Log in" })).toBeVisible();
  await expect(page).toHaveURL(`${shop}/`);
  await expectLoggedOut(keyturn, client_id);
  await keyturn.stop();
});

test("the React page says why a log-in did not come to be", async ({ page, site, start }) => {
  const PORT = String(await freePort());
  const { client_id } = await addTo(site, { redirect_addresses: [`http://localhost:${PORT}/`] });
  const settings = { KEYTURN_URL: originOf(site), PORT, CLIENT_ID: client_id };
  await start("react-single-page", settings, /My shop is at/);
  await page.goto(`http://localhost:${PORT}/?error=login_required&state=made-up`);
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("button", { name: "Log in" })).toBeVisible();
});

test("the Node API takes access tokens and nothing else that we sign", async ({ keyturnWith, start }) => {
  const keyturn = await keyturnWith("ES256");
  const PORT = String(await freePort());
  const api = { origin: `http://localhost:${PORT}` };
  await start("node-api", { KEYTURN_URL: originOf(keyturn), PORT }, /The API is at/);
  const person = await makePerson(keyturn);
  const client = await addTo(keyturn);
  const tokens = await tokensFor(keyturn, await browserOf(keyturn, person), client);
  const good = await send(api, "GET /orders", { bearer: tokens.access_token });
  expect(good).toMatchObject({ status: 200, body: { person: person.id } });
  const forged = `${tokens.access_token.slice(0, -4)}AAAA`;
  for (const bearer of [tokens.id_token ?? "", tokens.refresh_token, forged, "none of ours"])
    expect((await send(api, "GET /orders", { bearer })).status).toBe(401);
  expect((await send(api, "GET /orders")).status).toBe(401);
});

test("the native program logs in through the system's browser, at whatever port is free", async ({
  page,
  site,
  start,
}) => {
  const { client_id } = await addTo(site, { redirect_addresses: ["http://127.0.0.1/back"] });
  const person = await makePerson(site);
  const settings = { KEYTURN_URL: originOf(site), CLIENT_ID: client_id };
  const program = await start("native-app", settings, /oauth\/authorize\S+\n/);
  await page.goto(program.log().match(/^http\S+$/m)?.[0] ?? "");
  await fillIn(page, person);
  await expect(page.getByText("You can close this tab.")).toBeVisible();
  await expect.poll(() => program.log()).toContain("Logged out of this program.");
  expect(program.log()).toContain(`Hello, ${person.email}.`);
  await expectLoggedOut(site, client_id);
  expect(await applicationSessions(site, client_id)).toMatchObject([{ generation: 2 }]);
});

test("the page on the same site lives on cookies, and comes back from the log-in", async ({
  page,
  start,
}) => {
  const PORT = String(await freePort());
  const shop = `http://localhost:${PORT}`;
  const keyturn = await startServer({ ...(await ownOrigin()), CORS_ORIGINS: shop });
  await start("same-site-cookies", { KEYTURN_URL: originOf(keyturn), PORT }, /My shop is at/);
  const person = await makePerson(keyturn);
  await page.goto(shop);
  await expect(page.getByText("You are not logged in.")).toBeVisible();
  await page.getByRole("link", { name: "Log in" }).click();
  await fillIn(page, person);
  await expect(page).toHaveURL(`${shop}/`);
  await expect(page.getByText(`Hello, ${person.email}.`)).toBeVisible();
  expect(await page.evaluate(() => document.cookie)).toBe("");

  await page.context().clearCookies({ name: "keyturn_access" });
  await page.reload();
  await expect(page.getByText(`Hello, ${person.email}.`)).toBeVisible();
  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByText("You are not logged in.")).toBeVisible();
  await keyturn.stop();
});

test("the next-auth application logs in, turns its tokens in two renders at once, and logs out of both", async ({
  page,
  context,
  start,
}) => {
  test.setTimeout(300_000);
  const keyturn = await startServer({ ...(await ownOrigin()), ACCESS_TOKEN_LIFETIME: "31s" });
  const PORT = String(await freePort());
  const shop = `http://localhost:${PORT}`;
  const { client_id, secret } = await addTo(keyturn, {
    redirect_addresses: [`${shop}/api/auth/callback/keyturn`],
    logged_out_addresses: [`${shop}/`],
    confidential: true,
  });
  const settings = {
    KEYTURN_URL: originOf(keyturn),
    CLIENT_ID: client_id,
    CLIENT_SECRET: secret,
    NEXTAUTH_URL: shop,
    NEXTAUTH_SECRET: "what this application alone knows, long enough",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const next = createRequire(import.meta.url).resolve("next/dist/bin/next");
  await start("next-auth", settings, /Ready in/, [
    process.execPath,
    next,
    "dev",
    "--webpack",
    "--port",
    PORT,
  ]);
  const person = await makePerson(keyturn);

  await page.goto(shop, { timeout: 60_000 });
  await leaveForLogIn(page);
  await fillIn(page, person);
  await expect(page.getByText(`Hello, ${person.email}.`)).toBeVisible({ timeout: 60_000 });

  const turned = async () => (await applicationSessions(keyturn, client_id))[0]?.generation;
  await expect(async () => {
    const second = await context.newPage();
    await Promise.all([page.reload(), second.goto(shop)]);
    for (const tab of [page, second]) await expect(tab.getByText(`Hello, ${person.email}.`)).toBeVisible();
    await page.request.get(`${shop}/api/auth/session`);
    await second.close();
    expect(await turned()).toBeGreaterThan(3);
  }).toPass({ timeout: 60_000 });

  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.getByRole("button", { name: "Log in" })).toBeVisible({ timeout: 60_000 });
  await expect(page).toHaveURL(`${shop}/`);
  await expectLoggedOut(keyturn, client_id);
  await leaveForLogIn(page);
  await keyturn.stop();
});

/** A page that is compiled as it is asked for shows a button before a script listens to it. */
async function leaveForLogIn(page: Page): Promise<void> {
  const there = /\/login\?to=/;
  await expect(async () => {
    if (!there.test(page.url())) await page.getByRole("button", { name: "Log in" }).click({ timeout: 5_000 });
    await expect(page).toHaveURL(there);
  }).toPass({ timeout: 60_000 });
}
