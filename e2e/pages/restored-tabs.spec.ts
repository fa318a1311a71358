import type { BrowserContext } from "@playwright/test";
import { makePerson } from "../kit/people.ts";
import { startServer } from "../kit/server.ts";
import { enterBrowser, expect, originOf, test } from "./fixtures.ts";
import { ownOrigin } from "./own-origin.ts";

/** Lets the access cookie run out, as it does while a browser is closed. */
async function sleepPastExpiry(context: BrowserContext): Promise<void> {
  await context.clearCookies({ name: "keyturn_access" });
}

for (const count of [2, 5]) {
  test(`${count} tabs restored at once after the access cookie ran out all show their page`, async ({
    context,
    site,
    person,
  }) => {
    await enterBrowser(context, site, person);
    await sleepPastExpiry(context);
    const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto("/account/sessions")));
    for (const tab of tabs) await expect(tab.getByRole("heading", { name: "Your devices" })).toBeVisible();
    for (const tab of tabs) {
      await tab.reload();
      await expect(tab.getByRole("heading", { name: "Your devices" })).toBeVisible();
    }
    expect((await context.request.get("/api/me")).status()).toBe(200);
  });
}

test("five tabs, each served by one of two processes, all show their page", async ({ browser }) => {
  const first = await startServer(await ownOrigin());
  const second = await startServer({ ...first.variables, PORT: "0" });
  const context = await browser.newContext();
  await enterBrowser(context, first, await makePerson(first));
  await sleepPastExpiry(context);
  const { port } = new URL(second.origin);
  const origins = [originOf(first), `http://localhost:${port}`];
  const tabs = await Promise.all(Array.from({ length: 5 }, () => context.newPage()));
  await Promise.all(tabs.map((tab, i) => tab.goto(`${origins[i % 2]}/account/sessions`)));
  for (const tab of tabs) {
    await expect(tab.getByRole("heading", { name: "Your devices" })).toBeVisible();
    await tab.reload();
    await expect(tab.getByRole("heading", { name: "Your devices" })).toBeVisible();
  }
  await context.close();
  await second.stop();
  await first.stop();
});

test("a page that slept past expiry does what is clicked, with one refresh", async ({
  page,
  site,
  person,
}) => {
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/sessions");
  await sleepPastExpiry(page.context());
  const refreshes: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/api/token/refresh")) refreshes.push(request.url());
  });
  await page.getByRole("button", { name: /^Name / }).click();
  await page.getByLabel("Name of this device").fill("Slept long");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Slept long" })).toBeVisible();
  expect(refreshes).toHaveLength(1);
});

test("without a network the page says so, and does it when the network is back", async ({
  page,
  site,
  person,
}) => {
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/sessions");
  await page.getByRole("button", { name: /^Name / }).click();
  await page.getByLabel("Name of this device").fill("Offline");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Keyturn can't be reached.")).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Offline" })).toBeVisible();
});

test("logging out without a network doesn't pretend", async ({ page, site, person }) => {
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/sessions");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page.getByText("Keyturn can't be reached.")).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
});
