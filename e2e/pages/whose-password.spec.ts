import type { Page } from "@playwright/test";
import { makePerson } from "../kit/people.ts";
import { askForLink, enterBrowser, expect, invite, linkTo, longAgo, test } from "./fixtures.ts";

/** Every form that holds a password says in one field, seen by the person, whose it is. */
async function expectAccountBesidePasswords(page: Page, email: string): Promise<void> {
  const forms = page.locator("form", { has: page.locator("input[type=password]") });
  await expect(forms.first()).toBeVisible();
  for (const form of await forms.all()) {
    const account = form.locator("input[autocomplete~=username]");
    await expect(account).toHaveCount(1);
    await expect(account).toBeVisible();
    await expect(account).toHaveValue(email);
  }
}

test.describe("a password manager finds whose password it is", () => {
  test("on the log-in and at registration, in the address", async ({ page, person }) => {
    await page.goto("/login");
    await page.getByLabel("E-mail address").fill(person.email);
    await expectAccountBesidePasswords(page, person.email);
    await page.goto("/register");
    await page.getByLabel("E-mail address").fill("new@example.com");
    await expectAccountBesidePasswords(page, "new@example.com");
  });

  test("where a link sets a new one", async ({ page, person }) => {
    await askForLink(page, person.email);
    await page.goto(await linkTo(page.request, person.email, "/reset-password"));
    await expectAccountBesidePasswords(page, person.email);
  });

  test("where an account is taken back", async ({ page, browser, site, person }) => {
    await enterBrowser(page.context(), site, person);
    const stranger = await browser.newContext({ userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" });
    await enterBrowser(stranger, site, person);
    await page.goto(await linkTo(page.request, person.email, "/not-me"));
    await page.getByRole("button", { name: "Log out everywhere" }).click();
    await expectAccountBesidePasswords(page, person.email);
    await stranger.close();
  });

  test("where an invited person chooses the first one", async ({ page, site }) => {
    const email = await invite(site);
    await page.goto(await linkTo(page.request, email, "/accept-invitation"));
    await expectAccountBesidePasswords(page, email);
  });

  test("where an address or a password is changed, and an account deleted", async ({
    page,
    site,
    person,
  }) => {
    await enterBrowser(page.context(), site, person);
    await page.goto("/account/security");
    await expectAccountBesidePasswords(page, person.email);
    await page.goto("/account");
    await page.getByRole("button", { name: "Delete account" }).click();
    await expectAccountBesidePasswords(page, person.email);
  });

  test("where a person confirms that it's them, an administrator too", async ({ page, site, person }) => {
    const admin = await makePerson(site, { role: "admin" });
    await enterBrowser(page.context(), site, admin);
    await longAgo(site, admin);
    await page.goto(`/admin/users/${person.id}`);
    await page.getByRole("button", { name: "Deactivate" }).click();
    await page.keyboard.type("left us");
    await page.keyboard.press("Enter");
    await expectAccountBesidePasswords(page, admin.email);
  });
});

test("a stranger's open page of an old link says nothing of whose it was", async ({ page, site, person }) => {
  await askForLink(page, person.email);
  const { db } = await site.app();
  await db.$client`update challenges set created_at = created_at - interval '1 hour',
    expires_at = expires_at - interval '1 hour' where user_id = ${person.id}`;
  const opened = await page.goto(await linkTo(page.request, person.email, "/reset-password"));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link has expired");
  expect(await opened?.text()).not.toContain(person.email);
});
