import type { Browser, BrowserContextOptions, Page } from "@playwright/test";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { enterBrowser, expect, originOf, test } from "./fixtures.ts";

const HOUR = 60 * 60;

/** Three and a half hours after a midnight UTC of last week, when New York still has the day before, and 20 later. */
const EARLY = secondsAfter(new Date(new Date().setUTCHours(0, 0, 0, 0)), -7 * 24 * HOUR + 3.5 * HOUR);
const LATE = secondsAfter(EARLY, 20 * HOUR);

type Reader = { called: string; zone: string; mark: string; options: BrowserContextOptions };
const READERS: Reader[] = [
  ...["America/New_York", "Asia/Tokyo", "UTC"].map((zone) => ({
    called: `in ${zone}`,
    zone,
    mark: "",
    options: { timezoneId: zone },
  })),
  {
    called: "in Tokyo without JavaScript",
    zone: "UTC",
    mark: " UTC",
    options: { timezoneId: "Asia/Tokyo", javaScriptEnabled: false },
  },
];

for (const { called, zone, mark, options } of READERS) {
  test.describe(`for a reader ${called}`, () => {
    const write = (format: Intl.DateTimeFormatOptions, at: Date) =>
      new Intl.DateTimeFormat("en-GB", { ...format, timeZone: zone }).format(at);
    const day = (at: Date) => write({ day: "numeric", month: "long", year: "numeric" }, at);
    const time = (at: Date) => `${write({ hour: "2-digit", minute: "2-digit" }, at)}${mark}`;
    const full = (at: Date) => `${day(at)} at ${write({ timeStyle: "medium" }, at)}${mark}`;

    test("the activity is cut into their days, with their times", async ({ browser, site, person }) => {
      const page = await enter(browser, site, person, options);
      const { db } = await site.app();
      for (const at of [EARLY, LATE]) {
        await db.$client`insert into audit_events (id, type, created_at, user_id, data)
          values (gen_random_uuid(), 'login.failed', ${at.toISOString()}, ${person.id}, '{}')`;
      }
      await page.goto("/account/activity");
      const days = [...new Set([day(LATE), day(EARLY)])];
      await expect(page.getByRole("heading", { level: 2 })).toHaveText(["Today", ...days]);
      const times = page.getByRole("main").getByRole("time");
      await expect(times.nth(2)).toHaveText(time(LATE));
      await expect(times.nth(3)).toHaveText(time(EARLY));
      await expect(times.nth(3)).toHaveAttribute("title", full(EARLY));
      await page.context().close();
    });

    test("a device was logged in on their day", async ({ browser, site, person }) => {
      const page = await enter(browser, site, person, options);
      const { db } = await site.app();
      await db.$client`update sessions set created_at = ${EARLY.toISOString()} where user_id = ${person.id}`;
      await page.goto("/account/sessions");
      const times = page.getByRole("main").getByRole("time");
      const [loggedIn, ends] = [times.nth(0), times.nth(1)];
      await expect(ends).toHaveText("in 3 days");
      await expect(ends).toHaveAttribute("title", mark ? / UTC$/ : /:\d\d$/);
      await expect(loggedIn).toHaveText(write({ day: "numeric", month: "long" }, EARLY));
      await expect(loggedIn).toHaveAttribute("title", full(EARLY));
      await page.context().close();
    });

    test("the log-in page says at their time why they are logged out", async ({ browser, site, person }) => {
      const page = await enter(browser, site, person, options);
      const { db } = await site.app();
      const [ended] =
        await db.$client`update sessions set revoked_at = now(), revoked_reason = 'revoked_by_owner'
        where user_id = ${person.id} returning revoked_at`;
      await page.goto("/account/sessions");
      await expect(page.getByRole("status")).toHaveText(
        `You logged this device out, today ${time(new Date(ended?.revoked_at))}.`,
      );
      await db.$client`update sessions set revoked_at = ${EARLY.toISOString()} where user_id = ${person.id}`;
      await page.reload();
      const dayOfYear = write({ day: "numeric", month: "long" }, EARLY);
      await expect(page.getByRole("status")).toHaveText(
        `You logged this device out, ${dayOfYear} ${time(EARLY)}.`,
      );
      await page.context().close();
    });

    test("the profile has their day of joining", async ({ browser, site, person }) => {
      const page = await enter(browser, site, person, options);
      const { db } = await site.app();
      await db.$client`update users set created_at = ${EARLY.toISOString()} where id = ${person.id}`;
      await page.goto("/account");
      await expect(page.getByText(`Joined ${day(EARLY)}`, { exact: true })).toBeVisible();
      await page.context().close();
    });
  });
}

/** Logs somebody in, in a browser of their own. */
async function enter(
  browser: Browser,
  site: Server,
  person: Person,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext({ baseURL: originOf(site), ...options });
  await enterBrowser(context, site, person);
  return context.newPage();
}
