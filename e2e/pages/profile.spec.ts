import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import type { Person } from "../kit/people.ts";
import { makePerson } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { enterBrowser, expect, test } from "./fixtures.ts";

const ELEVEN_MINUTES_AGO = "now() - interval '11 minutes'";

async function openProfile(page: Page, site: Server, person: Person): Promise<void> {
  await enterBrowser(page.context(), site, person);
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible();
}

/** Makes every log-in of a person too old to delete or download with. */
async function letLogInAge(site: Server, { id }: Person): Promise<void> {
  const { db } = await site.app();
  await db.$client.unsafe(
    `update sessions set authenticated_at = ${ELEVEN_MINUTES_AGO} where user_id = '${id}'`,
  );
}

async function countPeople(site: Server, { id }: Person): Promise<number> {
  const { db } = await site.app();
  return (await db.$client`select from users where id = ${id}`).length;
}

test.describe("the way between the pages of an account", () => {
  test("is there on each, marks the present one, and shows admins one more", async ({
    page,
    site,
    person,
  }) => {
    await openProfile(page, site, person);
    const nav = page.getByRole("navigation", { name: "Account" });
    await expect(nav.getByRole("link")).toHaveText(["Profile", "Devices", "Security", "Activity"]);
    for (const [name, path] of [
      ["Devices", "/account/sessions"],
      ["Activity", "/account/activity"],
      ["Profile", "/account"],
    ] as const) {
      await nav.getByRole("link", { name }).click();
      await expect(page).toHaveURL(path);
      await expect(nav.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
      await expect(nav.locator("[aria-current]")).toHaveCount(1);
    }
  });

  test("leads admins to their pages, and says on the profile that they are one", async ({ page, site }) => {
    await openProfile(page, site, await makePerson(site, { role: "admin" }));
    const nav = page.getByRole("navigation", { name: "Account" });
    await expect(nav.getByRole("link", { name: "Admin" })).toHaveAttribute("href", "/admin");
    await expect(page.getByRole("definition").getByText("Administrator", { exact: true })).toBeVisible();
  });

  test("leads from the start to the devices, and a visitor to log-in and registration", async ({
    page,
    site,
    person,
  }) => {
    await page.goto("/");
    await expect(page.getByRole("link", { name: "Create an account" })).toHaveAttribute("href", "/register");
    await page.getByRole("link", { name: "Log in" }).click();
    await expect(page).toHaveURL("/login");
    await enterBrowser(page.context(), site, person);
    await page.goto("/");
    await expect(page.getByRole("link", { name: "Log in" })).toHaveCount(0);
    await page.getByRole("link", { name: "Your devices" }).click();
    await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  });
});

test("a visitor is led to the log-in and back", async ({ page }) => {
  for (const path of ["/account", "/account/activity"]) {
    await page.goto(path);
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
  }
});

test.describe("the name", () => {
  test("is saved by keyboard, shown at once, and can be taken away", async ({ page, site, person }) => {
    await openProfile(page, site, person);
    await expect(page.getByRole("button", { name: "Save name" })).toBeEnabled();
    await page.getByLabel("Name").focus();
    await page.keyboard.type("Ada Lovelace");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
    await expect(page.getByRole("banner")).toContainText("Ada Lovelace");
    await page.reload();
    await expect(page.getByLabel("Name")).toHaveValue("Ada Lovelace");
    await page.getByLabel("Name").fill("  ");
    await page.getByRole("button", { name: "Save name" }).click();
    await expect(page.getByRole("banner")).toContainText(person.email);
    await expect(page.getByLabel("Name")).toHaveValue("");
  });

  test("that is refused is told beside the field, which has the focus", async ({ page, site, person }) => {
    await openProfile(page, site, person);
    await page.getByLabel("Name").fill("x".repeat(101));
    await page.getByRole("button", { name: "Save name" }).click();
    await expect(page.getByText("Ensure this field has no more than 100 characters.")).toBeVisible();
    await expect(page.getByLabel("Name")).toBeFocused();
    await expect(page.getByRole("banner")).toContainText(person.email);
  });

  test("with markup in it shows as text", async ({ page, site, person }) => {
    const markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await openProfile(page, site, person);
    await page.getByLabel("Name").fill(markup);
    await page.getByRole("button", { name: "Save name" }).click();
    await expect(page.getByRole("banner")).toContainText(markup);
    await page.reload();
    await expect(page.getByRole("banner")).toContainText(markup);
    expect(dialogs).toEqual([]);
  });
});

test("the profile tells the address with the way to change it, and since when", async ({
  page,
  site,
  person,
}) => {
  await openProfile(page, site, person);
  await expect(page.getByRole("definition")).toContainText(person.email);
  await expect(page.getByRole("link", { name: "Change it" })).toHaveAttribute("href", "/account/security");
  const today = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
  await expect(page.getByText(`Joined ${today.format((await site.app()).clock.now())}`)).toBeVisible();
});

test.describe("the download of one's data", () => {
  async function downloadFrom(page: Page, press: () => Promise<void>) {
    const started = page.waitForEvent("download");
    await press();
    const download = await started;
    expect(download.suggestedFilename()).toBe("keyturn-data.json");
    return JSON.parse(await readFile(await download.path(), "utf8"));
  }

  test("is a file with what is held about the person", async ({ page, site, person }) => {
    await openProfile(page, site, person);
    const data = await downloadFrom(page, () =>
      page.getByRole("button", { name: "Download your data" }).click(),
    );
    expect(data).toMatchObject({ incomplete: [], account: { id: person.id, email: person.email } });
    expect(data.sessions).toHaveLength(1);
    const types = data.events.map(({ type }: { type: string }) => type);
    expect(types.sort()).toEqual(["login.succeeded", "user.created"]);
    expect(JSON.stringify(data)).not.toMatch(/argon2|eyJ/);
    await page.goto("/account/activity");
    await expect(page.getByText(/^Your data was downloaded/)).toBeVisible();
  });

  test("asks to confirm where the log-in is long ago, and comes then", async ({ page, site, person }) => {
    await openProfile(page, site, person);
    await letLogInAge(site, person);
    await page.getByRole("button", { name: "Download your data" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Confirm it's you" });
    await dialog.getByLabel("Password", { exact: true }).fill(person.password);
    const data = await downloadFrom(page, () => dialog.getByRole("button", { name: "Confirm" }).click());
    expect(data.account.id).toBe(person.id);
  });

  test("is a file by the API too", async ({ page, site, person }) => {
    await enterBrowser(page.context(), site, person);
    const answer = await page.request.get("/api/me/data");
    expect(answer.headers()["content-disposition"]).toBe('attachment; filename="keyturn-data.json"');
    expect(answer.headers()["cache-control"]).toBe("no-store");
  });
});

test.describe("deleting the account", () => {
  const dialogOf = (page: Page) => page.getByRole("alertdialog", { name: "Delete your account?" });

  test("goes by keyboard: says what goes, asks for the password, and leaves nothing", async ({
    page,
    browser,
    site,
    person,
  }) => {
    const other = await browser.newContext({ baseURL: site.variables.APP_URL ?? "" });
    await enterBrowser(other, site, person);
    await openProfile(page, site, person);
    const button = page.getByRole("button", { name: "Delete account" });
    await expect(button).toBeEnabled();
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(dialogOf(page)).toContainText("This can't be undone.");
    await expect(dialogOf(page).getByLabel("Your password")).toBeFocused();
    await page.keyboard.type(person.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/login");
    await expect(page.getByRole("status")).toHaveText("Your account is deleted.");
    const kept = await page.context().cookies();
    expect(kept.map(({ name, value }) => [name, value])).toEqual([["keyturn_ended", "account_deleted"]]);
    expect(await countPeople(site, person)).toBe(0);
    expect((await other.request.get("/api/me")).status()).toBe(401);
    await page.goBack();
    await expect(page.getByText(person.email)).toHaveCount(0);
    await other.close();
  });

  test("with a wrong password deletes nothing, and says so beside the field", async ({
    page,
    site,
    person,
  }) => {
    await openProfile(page, site, person);
    await page.getByRole("button", { name: "Delete account" }).click();
    await dialogOf(page).getByLabel("Your password").fill("not it");
    await dialogOf(page).getByRole("button", { name: "Delete account" }).click();
    await expect(dialogOf(page).getByText("That password is not right.")).toBeVisible();
    await expect(dialogOf(page).getByLabel("Your password")).toBeFocused();
    await dialogOf(page).getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("button", { name: "Delete account" })).toBeFocused();
    expect(await countPeople(site, person)).toBe(1);
  });

  test("where the log-in is long ago the password that is asked for anyway confirms it", async ({
    page,
    site,
    person,
  }) => {
    await openProfile(page, site, person);
    await letLogInAge(site, person);
    await page.getByRole("button", { name: "Delete account" }).click();
    await dialogOf(page).getByLabel("Your password").fill(person.password);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/login");
    expect(await countPeople(site, person)).toBe(0);
  });

  test("is refused to the last administrator, who is told what to do", async ({ page, site }) => {
    const admin = await makePerson(site, { role: "admin" });
    const { db } = await site.app();
    await db.$client`update users set role = 'user' where id <> ${admin.id}`;
    await openProfile(page, site, admin);
    await page.getByRole("button", { name: "Delete account" }).click();
    await dialogOf(page).getByLabel("Your password").fill(admin.password);
    await page.keyboard.press("Enter");
    await expect(dialogOf(page)).toContainText("Make somebody else one before you delete your account.");
    expect(await countPeople(site, admin)).toBe(1);
    await db.$client`update users set role = 'user' where id = ${admin.id}`;
  });
});
