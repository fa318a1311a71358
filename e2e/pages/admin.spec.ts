import { recordEvents } from "@/lib/audit/record.ts";
import { makePerson, type Person } from "../kit/people.ts";
import { expectAccessible } from "./accessible.ts";
import { enterBrowser, expect, FIREFOX_ON_LINUX, test } from "./fixtures.ts";

test.describe.configure({ mode: "parallel" });

const PAGES = ["/admin", "/admin/users", "/admin/sessions", "/admin/tokens", "/admin/events"];

test.describe("admins", () => {
  let admin: Person;

  test.beforeEach(async ({ site, context }) => {
    admin = await makePerson(site, { role: "admin" });
    await enterBrowser(context, site, admin);
  });

  test("find a person, make them an administrator and take the role away again, with a reason on record", async ({
    page,
    person,
  }) => {
    await page.goto("/account");
    await page.getByRole("link", { name: "Admin", exact: true }).click();
    await page
      .getByRole("link", { name: /^People/ })
      .first()
      .click();
    await page.getByLabel("Part of an address or name").fill(person.email);
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/search=/);
    await page.getByRole("link", { name: person.email }).click();
    for (const [act, role] of [
      ["Make administrator", "Administrator"],
      ["Make user", "User"],
    ] as const) {
      await page.getByRole("button", { name: act }).click();
      await page.getByLabel("Reason (may be left empty)").fill("new colleague");
      await page.getByRole("alertdialog").getByRole("button", { name: act }).click();
      await expect(page.getByText(role, { exact: true })).toBeVisible();
    }
    await page.getByRole("link", { name: "Their audit trail" }).click();
    await expect(page.getByRole("cell", { name: "user.role_changed" })).toHaveCount(2);
    await expect(page.getByText("why: new colleague")).toHaveCount(2);
    await expect(page.getByRole("link", { name: admin.email })).toHaveCount(2);
  });

  test("learn what an administrator did, and to whom", async ({ page, site, person }) => {
    await page.goto(`/admin/users/${person.id}`);
    await expect(page.getByRole("link", { name: "Their audit trail" })).toBeVisible();
    await expect(page.getByRole("link", { name: "What they did to others" })).toHaveCount(0);
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate" }).click();
    await expect(page.getByRole("definition").getByText("Deactivated", { exact: true })).toBeVisible();
    await page.goto(`/admin/users/${admin.id}`);
    await page.getByRole("link", { name: "What they did to others" }).click();
    const rows = page.getByRole("row").filter({ has: page.getByRole("cell") });
    await expect(rows).toHaveCount(1);
    await expect(rows.filter({ hasText: "user.deactivated" })).toContainText(person.email);
    await expect(page.getByLabel("By (address or id)")).toHaveValue(admin.id);
    await page.getByLabel("By (address or id)").fill((await makePerson(site)).email);
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page.getByText("Nothing on record matches.")).toBeVisible();
  });

  test("deactivate a person, who is logged out at once and told why, and reactivate them", async ({
    page,
    site,
    person,
    browser,
  }) => {
    const theirs = await browser.newContext();
    await enterBrowser(theirs, site, person);
    await page.goto(`/admin/users/${person.id}`);
    await expect(page.getByText("1 outstanding, 0 blacklisted, 0 expired")).toBeVisible();
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate" }).click();
    await expect(page.getByRole("definition").getByText("Deactivated", { exact: true })).toBeVisible();
    await expect(page.getByText("0 outstanding, 1 blacklisted, 0 expired")).toBeVisible();
    const answer = await theirs.request.get(`${site.variables.APP_URL}/api/me`);
    expect(answer.status()).toBe(401);
    await page.getByRole("button", { name: "Reactivate" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Reactivate" }).click();
    await expect(page.getByRole("definition").getByText("Active", { exact: true })).toBeVisible();
    await theirs.close();
  });

  test("log out every session that matches, after the number and a reason", async ({
    page,
    site,
    person,
    browser,
  }) => {
    const theirs = await browser.newContext({ userAgent: FIREFOX_ON_LINUX });
    for (let log = 0; log < 3; log += 1) {
      await theirs.clearCookies();
      await enterBrowser(theirs, site, person);
    }
    await page.goto("/admin/sessions");
    await page.getByLabel("Person (address or id)").fill(person.email);
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("button", { name: "Log out 3 sessions" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "Log out 3 sessions" }).click();
    await expect(dialog.getByText("This field may not be blank.")).toBeVisible();
    await dialog.getByLabel("Reason").fill("lost laptop");
    await dialog.getByRole("button", { name: "Log out 3 sessions" }).click();
    const done = page.getByRole("status").filter({ hasText: "3 sessions were logged out." });
    await expect(done).toBeFocused();
    const ended = page.getByRole("cell").filter({ hasText: "logged out by an administrator" });
    await expect(ended).toHaveCount(3);
    await expect(done).toBeFocused();
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page.getByText("None of the matching sessions is live.")).toBeVisible();
    await expect(done).toHaveCount(0);
    await theirs.close();
  });

  test("look a token up and learn whose it is and why it is dead", async ({
    page,
    site,
    person,
    request,
  }) => {
    const origin = site.variables.APP_URL ?? "";
    const first = await request.post(`${origin}/api/token`, { data: person });
    const { refresh } = await first.json();
    await request.post(`${origin}/api/token/refresh`, { data: { refresh } });
    await page.goto("/admin/tokens");
    await page.getByLabel("Token or jti").fill(refresh);
    await page.getByRole("button", { name: "Look it up" }).click();
    const answer = page.getByRole("status").filter({ hasText: person.email });
    await expect(answer.getByText("blacklisted")).toBeVisible();
    await expect(answer.getByText("used for a refresh")).toBeVisible();
    await expect(answer.getByText("1 of 2")).toBeVisible();
    await page.getByLabel("Token or jti").fill("made-up");
    await page.getByRole("button", { name: "Look it up" }).click();
    await expect(page.getByText("No token of ours has this jti.")).toBeVisible();
  });

  test("invite somebody, who stands in the list as invited", async ({ page }) => {
    const email = `invited-${Date.now().toString(36)}@example.com`;
    await page.goto("/admin/users");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: "Invite" }).click();
    await expect(page.getByText(`${email} was invited.`)).toBeVisible();
    await expect(page.getByRole("row", { name: email }).getByText("Invited", { exact: true })).toBeVisible();
    await page.getByLabel("E-mail address").fill(admin.email);
    await page.getByRole("button", { name: "Invite" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "account" })).toBeVisible();
  });

  test("save the audit trail as CSV", async ({ page }) => {
    await page.goto("/admin/events?type=login.succeeded");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as CSV" }).click();
    expect((await saved).suggestedFilename()).toBe("events.csv");
  });

  test("see on a phone what they see on a wide window: who did what, from where and why", async ({
    page,
    person,
  }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`/admin/users/${person.id}`);
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.getByLabel("Reason (may be left empty)").fill("lost laptop");
    await page.getByRole("alertdialog").getByRole("button", { name: "Deactivate" }).click();
    await expect(page.getByRole("definition").getByText("Deactivated", { exact: true })).toBeVisible();
    await page.goto(`/admin/events?user=${person.id}`);
    const row = page.getByRole("row", { name: "user.deactivated" });
    await expect(row.getByRole("link", { name: admin.email })).toBeVisible();
    await expect(row.getByText("why: lost laptop")).toBeVisible();
    await expect(row.getByText(/ on /).first()).toBeVisible();
    const table = page.getByRole("region", { name: "Audit trail" });
    expect(await table.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
  });

  test("see in a sentence what is wrong with a filter, and a way on", async ({ page }) => {
    const wrong = page
      .getByRole("alert")
      .filter({ hasText: "This can't be shown. Change the filters above" });
    await page.goto("/admin/events?from=yesterday&actor=x");
    await expect(wrong).toBeVisible();
    await expect(page.getByLabel("From")).toHaveAccessibleDescription(
      "Give a day like 2026-11-01, or a time like 2026-11-01T09:30:00Z.",
    );
    await expect(page.getByLabel("By (address or id)")).toHaveAccessibleDescription(
      "Give the id or the e-mail address of a person.",
    );
    await expect(page.getByLabel("About (address or id)")).toHaveAccessibleDescription("");
    await page.goto("/admin/sessions?ip=nowhere");
    await expect(wrong).toBeVisible();
    await expect(page.getByLabel("IP address or network")).toHaveAccessibleDescription(
      "Give an IP address or a network like 192.0.2.0/24.",
    );
    await page.goto("/admin/sessions?ip=nowhere&state=expired");
    await expect(page.getByLabel("State")).toHaveValue("expired");
    await page.getByRole("link", { name: "Clear" }).click();
    await expect(page).toHaveURL(/\/admin\/sessions$/);
    await expect(page.getByLabel("State")).toHaveValue("");
    await expect(page.getByLabel("IP address or network")).toHaveValue("");
  });

  test("choose a state and a reason by words that look alike", async ({ page }) => {
    await page.goto("/admin/sessions");
    for (const label of ["State", "Why it ended"]) {
      const words = await page.getByLabel(label).getByRole("option").allTextContents();
      expect(words.length).toBeGreaterThan(3);
      for (const word of words) expect(word).toMatch(/^[A-Z]/);
    }
    await page.getByLabel("State").selectOption("Outstanding");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/state=outstanding/);
  });

  test("see the exact time of an event and of a token as text", async ({ page }) => {
    for (const path of ["/admin/events", "/admin/tokens"]) {
      await page.goto(path);
      const exact = page.getByRole("cell").filter({ hasText: /\d{4} at \d\d:\d\d:\d\d$/ });
      await expect(exact.first()).toBeVisible();
    }
  });

  test("reach every column at 1280 px however long an address or a name is", async ({
    page,
    site,
    browser,
  }) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    const long = `${"a".repeat(64)}@${"b".repeat(63)}.org`;
    const person = await makePerson(site, { email: long, name: "n".repeat(100), role: "admin" });
    const theirs = await browser.newContext({ userAgent: FIREFOX_ON_LINUX });
    await enterBrowser(theirs, site, person);
    await theirs.close();
    const app = await site.app();
    const renamed = { type: "user.renamed", userId: person.id, actorId: person.id } as const;
    await recordEvents(app.db, [renamed], app.clock.now());
    for (const path of ["users", "sessions", "tokens", "events", `users/${person.id}`]) {
      await page.goto(`/admin/${path}`);
      await expect(page.getByText(long).first()).toBeVisible();
      const table = page.getByRole("region").filter({ has: page.getByRole("table") });
      expect(await table.evaluate((box) => box.scrollWidth - box.clientWidth), path).toBe(0);
    }
  });

  test("page through a list without losing the filter", async ({ page, site, person, browser }) => {
    const theirs = await browser.newContext();
    for (let log = 0; log < 3; log += 1) {
      await theirs.clearCookies();
      await enterBrowser(theirs, site, person);
    }
    await page.goto(`/admin/sessions?user=${person.id}&limit=2`);
    await expect(page.getByRole("row")).toHaveCount(3);
    await page.getByRole("link", { name: "Older" }).click();
    await expect(page).toHaveURL(/user=.*cursor=/);
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.getByRole("link", { name: "Newest" }).click();
    await expect(page.getByRole("row")).toHaveCount(3);
    await theirs.close();
  });
});

for (const width of [320, 1280]) {
  test.describe(`the pages ${width} px wide`, () => {
    test.use({ viewport: { width, height: 900 } });

    test("have nothing that axe finds and don't scroll sideways", async ({ page, site, person, context }) => {
      const admin = await makePerson(site, { role: "admin", name: "Ada Lovelace" });
      await enterBrowser(context, site, admin);
      for (const path of [...PAGES, `/admin/users/${person.id}`, "/admin/sessions/everyone"]) {
        await page.goto(path);
        await expectAccessible(page);
      }
      await page.goto(`/admin/users/${admin.id}`);
      await page.getByRole("button", { name: "Deactivate" }).click();
      await expectAccessible(page, "[role=alertdialog]");
    });
  });
}

test("for anybody else there are no such pages", async ({ page, site, person, context }) => {
  await enterBrowser(context, site, person);
  for (const path of [...PAGES, `/admin/users/${person.id}`, "/admin/sessions/everyone"]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    await expect(page, path).toHaveTitle("Not found · Keyturn");
  }
});

test("of a person whom nobody knows there is no page, as its title says", async ({ page, site, context }) => {
  await enterBrowser(context, site, await makePerson(site, { role: "admin" }));
  for (const id of ["11111111-1111-4111-8111-111111111111", "x"]) {
    const answer = await page.goto(`/admin/users/${id}`);
    expect(answer?.status(), id).toBe(404);
    await expect(page, id).toHaveTitle("Not found · Keyturn");
  }
  await page.goto("/admin/users");
  await expect(page).toHaveTitle("People · Keyturn");
});

test("an administrator who was demoted meanwhile finds the pages gone at the next click", async ({
  page,
  site,
  context,
}) => {
  const admin = await makePerson(site, { role: "admin" });
  await enterBrowser(context, site, admin);
  await page.goto("/admin/users");
  const app = await site.app();
  await app.db.execute(`update users set role = 'user' where id = '${admin.id}'`);
  await page.getByRole("link", { name: "Sessions" }).click();
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});
