import type { Page } from "@playwright/test";
import type { Person } from "../kit/people.ts";
import { makePerson } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { startServer } from "../kit/server.ts";
import {
  codeTo,
  enterBrowser,
  expect,
  FIREFOX_ON_LINUX,
  fillIn,
  originOf,
  SAFARI_ON_IOS,
  test,
  wrongCode,
} from "./fixtures.ts";
import { ownOrigin } from "./own-origin.ts";

function events(page: Page) {
  return page.getByRole("main").getByRole("listitem");
}

/** So many events of a person, one a minute before each other, from yesterday back. */
async function addEvents(site: Server, { id }: Person, count: number): Promise<void> {
  const { db } = await site.app();
  await db.$client`
    insert into audit_events (id, type, created_at, user_id, ip, user_agent, data)
    select gen_random_uuid(), 'login.failed', now() - interval '1 day' - n * interval '1 minute', ${id},
      '203.0.113.9', ${FIREFOX_ON_LINUX}, '{}'
    from generate_series(1, ${count}::int) n`;
}

test("who goes by keyboard can skip what stands above every page", async ({
  page,
  context,
  site,
  person,
}) => {
  await enterBrowser(context, site, person);
  await page.goto("/account/activity");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
});

test.describe("the history of an account", () => {
  test.use({ userAgent: FIREFOX_ON_LINUX });

  test("is told in plain words, the newest first, day by day", async ({ page, careful }) => {
    await page.goto("/login");
    await fillIn(page, careful);
    await expect(page.getByLabel("Code")).toBeVisible();
    const code = await codeTo(page.request, careful.email);
    await page.getByLabel("Code").fill(wrongCode(code));
    await expect(page.getByRole("alert").filter({ hasText: /\w/ })).toBeVisible();
    await page.getByLabel("Code").fill(code);
    await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
    await page.getByRole("link", { name: "Activity" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
    await expect(page.getByRole("heading", { level: 2 })).toHaveText(["Today"]);
    await expect(
      events(page)
        .getByRole("paragraph")
        .filter({ hasNot: page.getByRole("time") }),
    ).toHaveText([
      "Logged in with password and e-mail code from Firefox on Linux",
      "A wrong code was entered from Firefox on Linux",
      "Your account was made",
    ]);
    await expect(page.getByRole("link", { name: "Older" })).toHaveCount(0);
  });

  test("says which device was logged out and from which, and of many at once how many", async ({
    page,
    browser,
    site,
    person,
  }) => {
    await enterBrowser(page.context(), site, person);
    const phone = await browser.newContext({ userAgent: SAFARI_ON_IOS });
    await enterBrowser(phone, site, person);
    await page.goto("/account/sessions");
    await page.getByRole("button", { name: "Log out Safari on iOS" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Log out" }).click();
    await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
    await page.goto("/account/activity");
    await expect(
      page.getByText("You logged Safari on iOS out, from Firefox on Linux", { exact: true }),
    ).toBeVisible();

    for (let device = 0; device < 3; device += 1) {
      await phone.clearCookies();
      await enterBrowser(phone, site, person);
    }
    await page.goto("/account/sessions");
    await page.getByRole("button", { name: "Log out everywhere" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Log out everywhere" }).click();
    await expect(page).toHaveURL(/\/login/);
    await enterBrowser(page.context(), site, person);
    await page.goto("/account/activity");
    await expect(page.getByText("because you logged out everywhere")).toHaveText([
      "4 devices were logged out, because you logged out everywhere, from Firefox on Linux",
    ]);
    await phone.close();
  });

  test("of an admin's act names neither admin nor place", async ({ page, site, person }) => {
    await enterBrowser(page.context(), site, person);
    const { db } = await site.app();
    await db.$client`
      insert into audit_events (id, type, created_at, user_id, actor_id, ip, user_agent, data)
      values (gen_random_uuid(), 'user.logged_out', now(), ${person.id}, gen_random_uuid(), '203.0.113.99',
        ${FIREFOX_ON_LINUX}, '{}')`;
    await page.goto("/account/activity");
    await expect(page.getByText("An administrator logged you out", { exact: true })).toBeVisible();
    await expect(page.getByText("203.0.113.99")).toHaveCount(0);
  });

  test("has pages, which lead on to the oldest and back to the newest", async ({ page, site, person }) => {
    await enterBrowser(page.context(), site, person);
    await addEvents(site, person, 60);
    await page.goto("/account/activity");
    const counts = [await events(page).count()];
    while (await page.getByRole("link", { name: "Older" }).isVisible()) {
      const before = page.url();
      await page.getByRole("link", { name: "Older" }).click();
      await expect(page).not.toHaveURL(before);
      counts.push(await events(page).count());
    }
    expect(counts).toEqual([25, 25, 12]);
    await page.getByRole("link", { name: "Newest" }).click();
    await expect(page).toHaveURL("/account/activity");
    await expect(page.getByText(/^Logged in with password/)).toBeVisible();
  });

  for (const query of ["?cursor=x", "?cursor=", "?cursor=a&cursor=b", "?cursor=%3Cscript%3E"]) {
    test(`with ${query}, which we did not hand out, shows a way back`, async ({ page, site, person }) => {
      await enterBrowser(page.context(), site, person);
      await page.goto(`/account/activity${query}`);
      await expect(page.getByText("its address is not complete")).toBeVisible();
      await page.getByRole("link", { name: "Newest" }).click();
      await expect(page.getByText(/^Logged in with password/)).toBeVisible();
    });
  }

  test("shows a User-Agent with markup as text", async ({ browser, site, person }) => {
    const context = await browser.newContext({
      baseURL: originOf(site),
      userAgent: "<img src=x onerror=alert(1)>/1.0 <script>alert(2)</script>",
    });
    await enterBrowser(context, site, person);
    const page = await context.newPage();
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.goto("/account/activity");
    await expect(page.getByText(/^Logged in with password/)).toBeVisible();
    await expect(page.getByRole("main").getByRole("img")).toHaveCount(0);
    expect(dialogs).toEqual([]);
    await context.close();
  });
});

test("a place that a trusted proxy names stands with the device, else none does", async ({
  page,
  site,
  person,
}) => {
  const headers = { "cf-ipcity": "Berlin", "cf-ipcountry": "DE", "x-forwarded-for": "198.51.100.4" };
  await page.setExtraHTTPHeaders(headers);
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/sessions");
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await expect(page.getByText("Berlin")).toHaveCount(0);

  const behindProxy = await startServer({ ...(await ownOrigin()), TRUSTED_PROXIES: "1" });
  const somebody = await makePerson(behindProxy);
  const answer = await page.request.post(`${originOf(behindProxy)}/api/token`, {
    headers: { ...headers, origin: originOf(behindProxy), "x-token-delivery": "cookie" },
    data: { email: somebody.email, password: somebody.password },
  });
  expect(answer.status()).toBe(200);
  await page.goto(`${originOf(behindProxy)}/account/sessions`);
  await expect(page.getByText("Berlin, Germany · 198.51.100.4")).toBeVisible();
  await behindProxy.stop();
});

test("a page that can't be made says so and tries again, and the log tells the operator without what was sent", async ({
  page,
}) => {
  const site = await startServer(await ownOrigin());
  const person = await makePerson(site);
  await enterBrowser(page.context(), site, person);
  const { db } = await site.app();
  await db.$client`alter table audit_events rename to away`;
  const answer = await page.goto(`${originOf(site)}/account/activity`);
  await db.$client`alter table away rename to audit_events`;
  expect(answer?.status()).toBe(500);
  await expect(page.getByRole("heading", { name: "This page can't be shown now" })).toBeVisible();
  await expect(page.getByText("audit_events")).toHaveCount(0);
  expect(site.log()).toContain('"page":"/account/activity"');
  for (const secret of [person.id, "select", "params"]) expect(site.log()).not.toContain(secret);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  await site.stop();
});
