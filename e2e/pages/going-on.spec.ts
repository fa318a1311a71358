import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { DESTINATION_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { totpApp } from "@/lib/testing/factors.ts";
import { addTo, authorizePath, exchange, makePkce } from "../kit/applications.ts";
import { claimsOf, makePerson, newAddress } from "../kit/people.ts";
import { type Server, startServer } from "../kit/server.ts";
import { expectAccessible } from "./accessible.ts";
import { codeTo, enterBrowser, expect, fillIn, linkTo, originOf, test, wrongCode } from "./fixtures.ts";
import { ownOrigin } from "./own-origin.ts";

/** Where the products are served: a page that says no more than that a browser is back. */
const products = createServer((_, answer) => {
  answer.setHeader("content-type", "text/html").end("<title>Back</title>Back at the product");
});
let origin = "";
test.beforeAll(async () => {
  await new Promise<void>((resolve) => products.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(products.address() as AddressInfo).port}`;
});
test.afterAll(() => {
  products.closeAllConnections();
  products.close();
});

/** A product that sends browsers to log in, and what it expects back. */
async function aShop(site: Server, { name = "My shop", path: place = "/callback" } = {}) {
  const callback = `${origin}${place}`;
  const { client_id, client_secret } = await addTo(site, {
    name,
    redirect_addresses: [callback],
    logged_out_addresses: [`${origin}/goodbye`],
  });
  const client = { client_id, client_secret };
  const begin = (changes: Record<string, string> = {}) => {
    const { verifier, challenge } = makePkce();
    const path = authorizePath(client_id, challenge, {
      redirect_uri: callback,
      scope: "openid email",
      ...changes,
    });
    return { path, verifier };
  };
  return { client, callback, begin };
}
type Shop = Awaited<ReturnType<typeof aShop>>;

/** The browser is back at the product, with a code that is good for tokens. */
async function expectBack(page: Page, site: Server, shop: Shop, verifier: string) {
  await expect(page.getByText("Back at the product")).toBeVisible();
  const url = new URL(page.url());
  expect(`${url.origin}${url.pathname}`).toBe(shop.callback);
  expect(url.searchParams.get("state")).toBe("the state");
  expect(url.searchParams.get("iss")).toBe(originOf(site));
  const code = url.searchParams.get("code") ?? "";
  const answer = await exchange(site, shop.client, { code, verifier, redirect_uri: shop.callback });
  expect(answer.status).toBe(200);
  return answer.body as { access_token: string; id_token: string };
}

test.describe("a browser that a product sends to log in", () => {
  test("comes back after a wrong password, a reload and a wrong code, and its pages say where it goes", async ({
    page,
    site,
    careful,
  }) => {
    const shop = await aShop(site);
    const { path, verifier } = shop.begin();
    await page.goto(path);
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    await expect(page.getByText("To go on to My shop.")).toBeVisible();
    await expectAccessible(page);
    await fillIn(page, { ...careful, password: "not the password" });
    await expect(page.getByText("That address and password don't belong together.")).toBeVisible();
    await page.reload();
    await fillIn(page, careful);
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
    await expect(page.getByText("To go on to My shop.")).toBeVisible();
    const code = await codeTo(page.request, careful.email);
    await page.getByLabel("Code").fill(wrongCode(code));
    await expect(page.getByRole("alert").filter({ hasText: "4 tries are left." })).toBeVisible();
    await page.reload();
    await page.getByLabel("Code").fill(code);
    await expectBack(page, site, shop, verifier);
  });

  test("comes back with a new account", async ({ page, site }) => {
    const shop = await aShop(site);
    const { path, verifier } = shop.begin();
    const email = newAddress();
    await page.goto(path);
    await page.getByRole("link", { name: "Create an account" }).click();
    await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
    await expect(page.getByText("To go on to My shop.")).toBeVisible();
    await page.getByLabel("E-mail address").fill(email);
    await page.getByLabel("Password", { exact: true }).fill("a better pass phrase");
    await page.getByRole("button", { name: "Create an account" }).click();
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
    await page.getByLabel("Code").fill(await codeTo(page.request, email));
    const { id_token } = await expectBack(page, site, shop, verifier);
    expect(claimsOf(id_token)).toMatchObject({ email, email_verified: true });
  });

  test("comes back after a forgotten password, by the mailed link, from the tab in which it is opened", async ({
    context,
    page,
    site,
    person,
  }) => {
    const [shop, other] = [await aShop(site), await aShop(site, { name: "Other" })];
    const { path, verifier } = shop.begin();
    await page.goto(path);
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await expect(page.getByRole("status")).toContainText("a link is on its way there");
    const later = await context.newPage();
    await later.goto(other.begin().path);
    const tab = await context.newPage();
    await tab.goto(await linkTo(page.request, person.email, "/reset-password"));
    await tab.getByLabel("New password").fill("a better pass phrase");
    await tab.keyboard.press("Enter");
    await tab.getByRole("link", { name: "Log in" }).click();
    await expect(tab.getByRole("heading", { name: "Log in" })).toBeVisible();
    await expect(tab.getByText("To go on to My shop.")).toBeVisible();
    await fillIn(tab, { ...person, password: "a better pass phrase" });
    await expectBack(tab, site, shop, verifier);
  });

  test("ends in each of two tabs where that one began, and goes on at once where somebody is logged in", async ({
    context,
    page,
    site,
    person,
  }) => {
    const shop = await aShop(site);
    const admin = await aShop(site, { name: "Admin", path: "/admin" });
    const [first, second] = [shop.begin(), admin.begin()];
    const tab = await context.newPage();
    await page.goto(first.path);
    await tab.goto(second.path);
    await expect(tab.getByText("To go on to Admin.")).toBeVisible();
    await fillIn(page, person);
    const { access_token } = await expectBack(page, site, shop, first.verifier);
    await tab.reload();
    await expectBack(tab, site, admin, second.verifier);
    const third = shop.begin();
    await page.goto(third.path);
    const again = await expectBack(page, site, shop, third.verifier);
    const { db } = await site.app();
    const rows =
      await db.$client`select opened_by from sessions where id in (${String(claimsOf(access_token).sid)},
      ${String(claimsOf(again.access_token).sid)})`;
    expect(new Set(rows.map(({ opened_by: from }) => from)).size).toBe(1);
  });

  test("comes back when Back led to the log-in once more", async ({ page, site, person }) => {
    const shop = await aShop(site);
    const { path, verifier } = shop.begin();
    await page.goto(path);
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await fillIn(page, person);
    await expectBack(page, site, shop, verifier);
  });

  test("is told after an hour that it took too long, and so is another browser that has its address", async ({
    browser,
    page,
    site,
    person,
  }) => {
    const shop = await aShop(site);
    await page.goto(shop.begin().path);
    await expect(page.getByText("To go on to My shop.")).toBeVisible();
    const address = page.url();
    const elsewhere = await browser.newContext();
    const stranger = await elsewhere.newPage();
    await stranger.goto(address);
    await expect(stranger.getByRole("heading", { name: "This log-in can't go on" })).toBeVisible();
    await elsewhere.close();
    const { db } = await site.app();
    const id = new URL(address).searchParams.get("to") ?? "";
    await db.$client`update destinations set expires_at = expires_at - ${DESTINATION_LIFETIME_SECONDS} * interval '1 second' where id = ${id}`;
    await fillIn(page, person);
    await expect(page.getByRole("heading", { name: "This log-in can't go on" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Your devices" }).click();
    await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  });

  test("asks somebody who is logged in again where the product wants that, and keeps what it opened", async ({
    context,
    page,
    site,
    person,
  }) => {
    const shop = await aShop(site);
    await enterBrowser(context, site, person);
    const before = shop.begin();
    await page.goto(before.path);
    const opened = await expectBack(page, site, shop, before.verifier);
    const { path, verifier } = shop.begin({ prompt: "login" });
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Log in again" })).toBeVisible();
    await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
    await expectAccessible(page);
    await page.getByLabel("Password").fill(person.password);
    await page.getByRole("button", { name: "Log in" }).click();
    await expectBack(page, site, shop, verifier);
    const { db } = await site.app();
    const [row] =
      await db.$client`select revoked_at from sessions where id = ${String(claimsOf(opened.access_token).sid)}`;
    expect(row).toEqual({ revoked_at: null });
  });

  test("and logs in as somebody else: the earlier person's session ends there, with what it opened", async ({
    context,
    page,
    site,
    person,
  }) => {
    const shop = await aShop(site);
    await enterBrowser(context, site, person);
    const before = shop.begin();
    await page.goto(before.path);
    const { access_token } = await expectBack(page, site, shop, before.verifier);
    const { path, verifier } = shop.begin({ prompt: "login" });
    await page.goto(path);
    await fillIn(page, await makePerson(site));
    await expectBack(page, site, shop, verifier);
    const me = await page.request.get(`${originOf(site)}/api/me`, {
      headers: { authorization: `Bearer ${access_token}`, cookie: "" },
    });
    expect(me.status()).toBe(401);
  });

  test("fills the address in that the product expects", async ({ page, site, person }) => {
    const shop = await aShop(site);
    await page.goto(shop.begin({ login_hint: person.email }).path);
    await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
  });
});

test("who must set up a strong factor first does so, and goes on from there", async ({ page }) => {
  const keyturn = await startServer({ ...(await ownOrigin()), REQUIRE_TWO_FACTOR: "everyone" });
  const shop = await aShop(keyturn);
  const { path, verifier } = shop.begin();
  await page.goto(`${originOf(keyturn)}${path}`);
  await fillIn(page, await makePerson(keyturn));
  await page.getByRole("button", { name: "Set up an app" }).click();
  const key = await page.locator("p.font-mono").innerText();
  const { clock } = await keyturn.app();
  await page.getByLabel("Code from the app").fill(totpApp(key.replaceAll(" ", "")).codeAt(clock.now()));
  await page.getByRole("button", { name: "Turn it on" }).click();
  await page.getByRole("link", { name: "Go on to My shop" }).click();
  await expectBack(page, keyturn, shop, verifier);
  await keyturn.stop();
});

test("an unknown product gets nobody, and our page says so", async ({ page }) => {
  const { challenge } = makePkce();
  const answer = await page.goto(authorizePath("0199c5a0-1111-7000-8000-000000000001", challenge));
  expect(answer?.status()).toBe(400);
  await expect(page.getByRole("heading", { name: "This log-in can't go on" })).toBeVisible();
  await expectAccessible(page);
});

test.describe("a browser that a product sends to be logged out", () => {
  test("asks first where nothing shows that it is this browser's log-in, and then leads back", async ({
    context,
    page,
    site,
    person,
  }) => {
    const shop = await aShop(site);
    await enterBrowser(context, site, person);
    const query = new URLSearchParams({
      client_id: shop.client.client_id,
      post_logout_redirect_uri: `${origin}/goodbye`,
      state: "bye",
    });
    await page.goto(`/oauth/logout?${query}`);
    await expect(page.getByRole("heading", { name: "Log out?" })).toBeVisible();
    await expect(page.getByText(person.email)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page).toHaveURL(`${origin}/goodbye?state=bye`);
    await page.goto(`${originOf(site)}/account`);
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  });

  test("is logged out at once by the ID token of what it opened, that too", async ({
    context,
    page,
    site,
    person,
  }) => {
    const shop = await aShop(site);
    await enterBrowser(context, site, person);
    const { path, verifier } = shop.begin();
    await page.goto(path);
    const { id_token, access_token } = await expectBack(page, site, shop, verifier);
    const query = new URLSearchParams({
      id_token_hint: id_token,
      post_logout_redirect_uri: `${origin}/goodbye`,
    });
    await page.goto(`${originOf(site)}/oauth/logout?${query}`);
    await expect(page).toHaveURL(`${origin}/goodbye`);
    const me = await page.request.get(`${originOf(site)}/api/me`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(me.status()).toBe(401);
  });
});
