import type { BrowserContext, Page } from "@playwright/test";
import { type Front, startFront } from "../kit/front.ts";
import { makePerson, type Person } from "../kit/people.ts";
import { type Server, startServer } from "../kit/server.ts";
import { test as base, enterBrowser, expect, fillIn, originOf } from "./fixtures.ts";
import { ownOrigin } from "./own-origin.ts";

type Several = { site: Server; front: Front };

/** Two app processes on one database behind one origin, which take turns with every request. */
const test = base.extend<{ person: Person; front: Front; two: Server }, { several: Several }>({
  several: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const { APP_URL, PORT } = await ownOrigin();
      const first = await startServer({ APP_URL });
      const second = await startServer(first.variables);
      const front = await startFront(Number(PORT), [first.origin, second.origin]);
      await use({ site: first, front });
      await front.stop();
      await second.stop();
      await first.stop();
    },
    { scope: "worker" },
  ],
  two: ({ several }, use) => use(several.site),
  front: ({ several }, use) => use(several.front),
  baseURL: ({ several }, use) => use(originOf(several.site)),
  person: async ({ several }, use) => use(await makePerson(several.site)),
});

const DEVICES = { name: "Your devices" };
const isRefresh = (call: string) => call === "POST /api/token/refresh";

/** Lets the access cookie run out, as it does while a computer sleeps. */
async function sleepPastExpiry(context: BrowserContext): Promise<void> {
  await context.clearCookies({ name: "keyturn_access" });
}

/** Moves everything that sessions of a person remember into the past. */
async function letPass(site: Server, { id }: Person, time: string): Promise<void> {
  const { db } = await site.app();
  await db.$client`
    update sessions set rotated_at = rotated_at - ${time}::interval, last_seen_at = last_seen_at - ${time}::interval
    where user_id = ${id}`;
}

async function sessionOf(site: Server, { id }: Person) {
  const { db } = await site.app();
  const [row, ...more] = await db.$client`
    select generation, revoked_reason, idle_expires_at from sessions where user_id = ${id}`;
  expect(more).toEqual([]);
  return row as { generation: number; revoked_reason: string | null; idle_expires_at: string };
}

/** Counts the refreshes that pages of this browser ask for. */
function refreshesOf(context: BrowserContext): string[] {
  const seen: string[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/api/token/refresh")) seen.push(request.url());
  });
  return seen;
}

async function nameThisDevice(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^(Name|Rename) / }).click();
  await page.getByLabel("Name of this device").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
}

async function expectDevices(page: Page): Promise<void> {
  await expect(page.getByRole("heading", DEVICES)).toBeVisible();
}

/** Until the browser holds no key of a refresh whose answer it waits for. */
async function settled(context: BrowserContext): Promise<void> {
  await expect
    .poll(async () => (await context.cookies()).map(({ name }) => name).sort())
    .toEqual(["keyturn_access", "keyturn_refresh"]);
}

test.describe("one refresh", () => {
  for (const count of [1, 2, 5]) {
    test(`is enough for ${count} restored ${count === 1 ? "tab" : "tabs"}, and moves the end on`, async ({
      context,
      two,
      front,
      person,
    }) => {
      await enterBrowser(context, two, person);
      const before = await sessionOf(two, person);
      await sleepPastExpiry(context);
      const refreshes = refreshesOf(context);
      const askedBefore = [...front.asked];
      const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
      await Promise.all(tabs.map((tab) => tab.goto("/account/sessions")));
      for (const tab of tabs) await expectDevices(tab);
      await expect.poll(async () => (await sessionOf(two, person)).generation).toBe(2);
      await settled(context);
      for (const tab of tabs) {
        await tab.reload();
        await expectDevices(tab);
      }
      expect(refreshes).toHaveLength(1);
      const after = await sessionOf(two, person);
      expect(after).toMatchObject({ generation: 2, revoked_reason: null });
      expect(Date.parse(after.idle_expires_at)).toBeGreaterThan(Date.parse(before.idle_expires_at));
      for (const [i, times] of front.asked.entries()) expect(times).toBeGreaterThan(askedBefore[i] ?? 0);
    });
  }

  test("is enough for two open tabs in which clicks come at once after a sleep", async ({
    context,
    two,
    person,
  }) => {
    await enterBrowser(context, two, person);
    const tabs = [await context.newPage(), await context.newPage()] as const;
    for (const tab of tabs) await tab.goto("/account/sessions");
    await sleepPastExpiry(context);
    const refreshes = refreshesOf(context);
    await Promise.all(tabs.map((tab, i) => nameThisDevice(tab, `Tab ${i}`)));
    for (const tab of tabs) {
      await expect(tab.getByRole("button", { name: "Save" })).toBeHidden();
      await expect(tab.getByRole("heading", { name: /^Tab [01]/ })).toBeVisible();
    }
    expect(refreshes).toHaveLength(1);
    expect(await sessionOf(two, person)).toMatchObject({ generation: 2, revoked_reason: null });
  });

  test("is not asked for while the access cookie is good", async ({ context, page, two, person }) => {
    await enterBrowser(context, two, person);
    const refreshes = refreshesOf(context);
    await page.goto("/account/sessions");
    await nameThisDevice(page, "Awake");
    await expect(page.getByRole("heading", { name: "Awake" })).toBeVisible();
    expect(refreshes).toEqual([]);
    expect(await sessionOf(two, person)).toMatchObject({ generation: 1 });
  });

  test("waits for no tab that hangs", async ({ context, page, two, person }) => {
    await enterBrowser(context, two, person);
    const hanging = await context.newPage();
    await hanging.goto("/login");
    await hanging.evaluate(() => {
      void navigator.locks.request("keyturn refresh", () => new Promise(() => {}));
    });
    await page.goto("/account/sessions");
    await sleepPastExpiry(context);
    await nameThisDevice(page, "Not hanging");
    await expect(page.getByRole("heading", { name: "Not hanging" })).toBeVisible({ timeout: 10_000 });
  });
});

test.describe("a lost answer", () => {
  test("to a page costs nothing, however late it is asked for again", async ({
    context,
    page,
    two,
    front,
    person,
  }) => {
    await enterBrowser(context, two, person);
    await sleepPastExpiry(context);
    const lostBefore = front.lost.length;
    front.lose((call) => call === "GET /account/sessions");
    await expect(page.goto("/account/sessions")).rejects.toThrow();
    front.lose(null);
    expect(front.lost.length).toBeGreaterThan(lostBefore);
    await letPass(two, person, "1 hour");
    const later = await context.newPage();
    await later.goto("/account/sessions");
    await expectDevices(later);
    expect(await sessionOf(two, person)).toMatchObject({ revoked_reason: null });
  });

  test("to a refresh is asked for again by the next click, an hour later", async ({
    context,
    page,
    two,
    front,
    person,
  }) => {
    await enterBrowser(context, two, person);
    await page.goto("/account/sessions");
    await sleepPastExpiry(context);
    front.lose(isRefresh);
    await nameThisDevice(page, "After the storm");
    await expect(page.getByText("Keyturn can't be reached.")).toBeVisible();
    front.lose(null);
    expect(await sessionOf(two, person)).toMatchObject({ generation: 2 });
    await letPass(two, person, "1 hour");
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { name: "After the storm" })).toBeVisible();
    expect(await sessionOf(two, person)).toMatchObject({ generation: 2, revoked_reason: null });
    await settled(context);
  });

  test("to a refresh is asked for again by the next page, an hour later and in another tab", async ({
    context,
    page,
    two,
    front,
    person,
  }) => {
    await enterBrowser(context, two, person);
    await page.goto("/account/sessions");
    await sleepPastExpiry(context);
    front.lose(isRefresh);
    await nameThisDevice(page, "Lost");
    await expect(page.getByText("Keyturn can't be reached.")).toBeVisible();
    front.lose(null);
    await page.close();
    await letPass(two, person, "1 hour");
    const next = await context.newPage();
    await next.goto("/account/sessions");
    await expectDevices(next);
    await settled(context);
    expect(await sessionOf(two, person)).toMatchObject({ generation: 2, revoked_reason: null });
    await nameThisDevice(next, "Found");
    await expect(next.getByRole("heading", { name: "Found" })).toBeVisible();
  });

  test("to a tab that asked in the background troubles no other", async ({ context, two, front, person }) => {
    await enterBrowser(context, two, person);
    await sleepPastExpiry(context);
    front.lose(isRefresh);
    const tabs = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
    await Promise.all(tabs.map((tab) => tab.goto("/account/sessions")));
    // A tab that loads late may get the pair that an earlier one lost, and the last of them then turn it once more.
    await expect.poll(async () => (await sessionOf(two, person)).generation).toBeGreaterThan(1);
    for (const tab of tabs) await expectDevices(tab);
    front.lose(null);
    await letPass(two, person, "1 hour");
    await sleepPastExpiry(context);
    for (const tab of tabs) {
      await tab.reload();
      await expectDevices(tab);
    }
    expect(await sessionOf(two, person)).toMatchObject({ revoked_reason: null });
  });
});

test("offline for an hour, then online: the page says so, and the next click works", async ({
  context,
  page,
  two,
  person,
}) => {
  await enterBrowser(context, two, person);
  await page.goto("/account/sessions");
  await context.setOffline(true);
  await sleepPastExpiry(context);
  await letPass(two, person, "1 hour");
  await nameThisDevice(page, "Back again");
  await expect(page.getByText("Keyturn can't be reached.")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Back again" })).toBeVisible();
  expect(await sessionOf(two, person)).toMatchObject({ revoked_reason: null });
});

test("a page that was under way while another tab refreshed twice ends nothing", async ({
  context,
  page,
  two,
  person,
}) => {
  await enterBrowser(context, two, person);
  await page.goto("/account/sessions");
  const old = (await context.cookies()).find(({ name }) => name === "keyturn_refresh")?.value;
  for (const name of ["First", "Second"]) {
    await sleepPastExpiry(context);
    await nameThisDevice(page, name);
    await expect(page.getByRole("heading", { name })).toBeVisible();
  }
  const late = await page.request.fetch("/account/sessions", {
    headers: { cookie: `keyturn_refresh=${old}` },
    maxRedirects: 0,
  });
  expect(late.headers().location).toBe("/login?next=%2Faccount%2Fsessions");
  expect(await sessionOf(two, person)).toMatchObject({ generation: 3, revoked_reason: null });
});

test("a page that is opened with a copy of a key used long ago ends the session", async ({
  browser,
  context,
  page,
  two,
  person,
}) => {
  await enterBrowser(context, two, person);
  await page.goto("/account/sessions");
  const stolen = (await context.cookies()).filter(({ name }) => name === "keyturn_refresh");
  await sleepPastExpiry(context);
  await nameThisDevice(page, "Mine");
  await expect(page.getByRole("heading", { name: "Mine" })).toBeVisible();
  await letPass(two, person, "1 hour");
  const thief = await browser.newContext();
  await thief.addCookies(stolen);
  const theirs = await thief.newPage();
  await theirs.goto("/account/sessions");
  await expect(theirs.getByRole("heading", { name: "Log in" })).toBeVisible();
  expect(await sessionOf(two, person)).toMatchObject({ revoked_reason: "token_reused" });
  await thief.close();
  await page.reload();
  await expect(page.getByRole("status")).toContainText("We logged this device out to protect you");
});

test.describe("after a log-out", () => {
  test("the log-in says so, here and in the other tab, which shows nothing private any more", async ({
    context,
    page,
    two,
    person,
  }) => {
    await enterBrowser(context, two, person);
    const other = await context.newPage();
    for (const tab of [page, other]) await tab.goto("/account/sessions");
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    for (const tab of [page, other]) {
      await expect(tab.getByRole("heading", { name: "Log in" })).toBeVisible();
      await expect(tab.getByRole("status")).toHaveText("You logged out.");
      await expect(tab.getByText(person.email)).toHaveCount(0);
    }
  });

  test("everywhere, the log-in says that, in the other tab too", async ({ context, page, two, person }) => {
    await enterBrowser(context, two, person);
    const other = await context.newPage();
    for (const tab of [page, other]) await tab.goto("/account/sessions");
    await page.getByRole("button", { name: "Log out everywhere" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Log out everywhere" }).click();
    for (const tab of [page, other]) {
      await expect(tab.getByRole("status")).toContainText("You logged out everywhere");
    }
  });

  test("and a log-in of somebody else, the other tab is theirs", async ({ context, page, two, person }) => {
    await enterBrowser(context, two, person);
    const other = await context.newPage();
    await other.goto("/account/sessions");
    await expect(other.getByText(person.email)).toBeVisible();
    await page.goto("/account/sessions");
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await expect(page.getByRole("status")).toHaveText("You logged out.");
    const next = await makePerson(two);
    await fillIn(page, next);
    await expect(page.getByText(next.email)).toBeVisible();
    await expect(other.getByText(next.email)).toBeVisible();
    await expect(other.getByText(person.email)).toHaveCount(0);
    expect((await context.cookies()).map(({ name }) => name)).not.toContain("keyturn_ended");
  });

  test("elsewhere, a tab that also slept is told the reason by its next click", async ({
    context,
    page,
    two,
    person,
  }) => {
    await enterBrowser(context, two, person);
    await page.goto("/account/sessions");
    const { db } = await two.app();
    await db.$client`
      update sessions set revoked_at = now(), revoked_reason = 'revoked_by_admin' where user_id = ${person.id}`;
    await sleepPastExpiry(context);
    await nameThisDevice(page, "Too late");
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    await expect(page.getByRole("status")).toContainText("An administrator logged this device out");
    await page.reload();
    await expect(page.getByRole("status")).toContainText("An administrator logged this device out");
  });

  test("by time, the next click says why", async ({ context, page, two, person }) => {
    await enterBrowser(context, two, person);
    await page.goto("/account/sessions");
    const { db } = await two.app();
    await db.$client`
      update sessions set idle_expires_at = now() - interval '2 minutes' where user_id = ${person.id}`;
    await sleepPastExpiry(context);
    await nameThisDevice(page, "Too late");
    await expect(page.getByRole("status")).toHaveText(
      "Your session ended: it was not used for a while, or as old as one can get.",
    );
  });
});

test.describe("the back button", () => {
  test("brings no page back whole that shows a person", async ({ context, page, two, person }) => {
    await enterBrowser(context, two, person);
    await page.goto("/account/sessions");
    await expectDevices(page);
    await expect(page.getByRole("button", { name: "Log out everywhere" })).toBeEnabled();
    const { db } = await two.app();
    await db.$client`
      update sessions set revoked_at = now(), revoked_reason = 'revoked_by_owner' where user_id = ${person.id}`;
    const hidden = await page.evaluate(() => {
      window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      const { hidden } = document.body;
      window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
      return hidden;
    });
    expect(hidden).toBe(true);
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await expect(page.getByText(person.email)).toHaveCount(0);
  });

  test("shows nothing private after a log-out, where the browser keeps pages whole", async ({
    playwright,
    two,
    person,
  }) => {
    const { launchOptions } = test.info().project.use;
    const browser = await playwright.chromium.launch({
      ...launchOptions,
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
    const context = await browser.newContext({ baseURL: originOf(two) });
    const page = await context.newPage();
    await enterBrowser(context, two, person);
    await page.goto("/account/sessions");
    await expect(page.getByText(person.email)).toBeVisible();
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await expect(page.getByRole("status")).toHaveText("You logged out.");
    await page.goBack();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await expect(page.getByText(person.email)).toHaveCount(0);
    await browser.close();
  });
});

test("a code page says by itself that its log-in has ended", async ({ page, two }) => {
  const careful = await makePerson(two, { twoFactorEmail: true });
  await page.goto("/login");
  await fillIn(page, careful);
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  const { db } = await two.app();
  await db.$client`
    update challenges set expires_at = now() + interval '2 seconds' where user_id = ${careful.id}`;
  await page.reload();
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "This code has expired" })).toBeVisible();
});
