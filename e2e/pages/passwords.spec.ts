import type { Page } from "@playwright/test";
import type { Server } from "../kit/server.ts";
import { expectAccessible } from "./accessible.ts";
import {
  askForLink,
  codeTo,
  enterBrowser,
  expect,
  FIREFOX_ON_LINUX,
  fillIn,
  linkTo,
  mailTo,
  test,
} from "./fixtures.ts";

const NEXT = "another horse, another battery";
const SAVE = { name: "Save the new password" };
const TOO_OLD = "interval '31 minutes'";

const resetLinkTo = (page: Page, email: string) => linkTo(page.request, email, "/reset-password");

async function agePendingLinks(site: Server, userId: string): Promise<void> {
  const { db } = await site.app();
  await db.$client.unsafe(
    `update challenges set created_at = created_at - ${TOO_OLD}, expires_at = expires_at - ${TOO_OLD} where user_id = $1`,
    [userId],
  );
}

test("a forgotten password: link, new password, old devices told why, and a code at the next log-in", async ({
  page,
  browser,
  careful,
}) => {
  const old = await browser.newContext({ userAgent: FIREFOX_ON_LINUX });
  const tab = await old.newPage();
  await tab.goto("/login");
  await fillIn(tab, careful);
  await expect(tab.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await tab.getByLabel("Code").fill(await codeTo(tab.request, careful.email));
  await expect(tab.getByRole("heading", { name: "Your devices" })).toBeVisible();

  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await page.getByLabel("E-mail address").fill(careful.email);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText(`If ${careful.email} has an account`);
  await page.goto(await resetLinkTo(page, careful.email));
  await page.getByLabel("New password").fill(NEXT);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText("Your password is changed.");

  await tab.reload();
  await expect(tab.getByRole("status")).toContainText(/Your password was changed, today \d\d:\d\d\./);
  await page.getByRole("link", { name: "Log in" }).click();
  await fillIn(page, { ...careful, password: NEXT });
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  const subjects = (await mailTo(page.request, careful.email)).map(({ subject }) => subject);
  expect(subjects).toContain("Your password was changed");
  await old.close();
});

test("an address without an account is told the same, and can be corrected", async ({ page, person }) => {
  await askForLink(page, "nobody@example.com");
  const button = page.getByRole("button", { name: "Ask again" });
  await expect(button).toBeFocused();
  await button.click();
  await expect(page.getByLabel("E-mail address")).toHaveValue("nobody@example.com");
  await page.getByLabel("E-mail address").fill("nobody");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription("Enter a valid email address.");
  await page.getByLabel("E-mail address").fill(person.email);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toContainText(person.email);
});

test.describe("a link that has ended leads to a new one, without typing the address", () => {
  test("an expired one", async ({ page, site, person }) => {
    await askForLink(page, person.email);
    const link = await resetLinkTo(page, person.email);
    await agePendingLinks(site, person.id);
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
    await page.getByRole("button", { name: "Send a new link" }).click();
    await expect(page.getByRole("status")).toContainText("A new link is on its way");
    expect(await page.content()).not.toContain(person.email);
    await page.goto(await resetLinkTo(page, person.email));
    await page.getByLabel("New password").fill(NEXT);
    await page.getByRole("button", SAVE).click();
    await expect(page.getByRole("status")).toContainText("Your password is changed.");
  });

  test("one that a newer one replaced, and one that was used", async ({ page, person }) => {
    await askForLink(page, person.email);
    const older = await resetLinkTo(page, person.email);
    await askForLink(page, person.email);
    const newer = await resetLinkTo(page, person.email);
    await page.goto(older);
    await expect(page.getByRole("heading", { name: "This link is used up" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Send a new link" })).toBeVisible();
    await page.goto(newer);
    await page.getByLabel("New password").fill(NEXT);
    await page.getByRole("button", SAVE).click();
    await expect(page.getByRole("status")).toContainText("Your password is changed.");
    await page.reload();
    await expect(page.getByRole("heading", { name: "This link is used up" })).toBeVisible();
  });

  test("one that expired while the password was typed", async ({ page, site, person }) => {
    await askForLink(page, person.email);
    await page.goto(await resetLinkTo(page, person.email));
    await page.getByLabel("New password").fill(NEXT);
    await agePendingLinks(site, person.id);
    await page.getByRole("button", SAVE).click();
    await expect(page.getByRole("alert").filter({ hasText: "This link was used, replaced" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Send a new link" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status")).toContainText("A new link is on its way");
  });

  for (const path of ["/reset-password", "/reset-password?token=", "/reset-password?token=nothing"]) {
    test(`${path} says so and asks for the address`, async ({ page, person }) => {
      await page.goto(path);
      await expect(page.getByRole("heading", { name: "This link leads nowhere" })).toBeVisible();
      await page.getByLabel("E-mail address").fill(person.email);
      await page.getByRole("button", { name: "Send the link" }).click();
      await expect(page.getByRole("status")).toContainText("a link is on its way there");
    });
  }
});

test("two tabs with one link: one sets its password, the other is led on", async ({
  page,
  context,
  person,
}) => {
  const answers: number[] = [];
  context.on("response", (answer) => {
    if (answer.url().endsWith("/api/password/reset")) answers.push(answer.status());
  });
  await askForLink(page, person.email);
  const link = await resetLinkTo(page, person.email);
  const tabs = [page, await context.newPage()];
  for (const [index, tab] of tabs.entries()) {
    await tab.goto(link);
    await tab.getByLabel("New password").fill(`${NEXT} ${index}`);
  }
  await Promise.all(tabs.map((tab) => tab.getByRole("button", SAVE).click()));
  for (const tab of tabs) {
    const ends = tab
      .getByText("Your password is changed.")
      .or(tab.getByRole("button", { name: "Send a new link" }));
    await expect(ends).toBeVisible();
  }
  expect(answers.sort()).toEqual([200, 400]);
});

test("changing the password keeps this device, logs the others out and tells them why", async ({
  page,
  browser,
  site,
  person,
}) => {
  const other = await browser.newContext({ userAgent: FIREFOX_ON_LINUX });
  await enterBrowser(other, site, person);
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/security");
  const current = page.getByLabel("Current password");
  const next = page.getByLabel("New password");
  await current.fill("not my password");
  await next.fill(NEXT);
  await page.keyboard.press("Enter");
  await expect(current).toBeFocused();
  await expect(current).toHaveAccessibleDescription("That password is not right.");
  await current.fill(person.password);
  await next.fill(person.email);
  await page.keyboard.press("Enter");
  await expect(next).toBeFocused();
  await expect(next).toHaveAccessibleDescription(/too similar to your address or name/);
  await expect(page.getByText("Your address and name are tried early.")).toBeVisible();
  await next.fill(NEXT);
  await page.keyboard.press("Enter");
  await expect(
    page.getByText("Your password is changed, and every other device is logged out."),
  ).toBeFocused();
  await expect(current).toHaveValue("");
  await expect(next).toHaveValue("");
  await page.reload();
  await expect(current).toBeVisible();
  const tab = await other.newPage();
  await tab.goto("/account/sessions");
  await expect(tab.getByRole("status")).toContainText(/Your password was changed, today \d\d:\d\d\./);
  await fillIn(tab, { ...person, password: NEXT });
  await expect(tab.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await other.close();
});

test("the link's secret goes nowhere by Referer", async ({ page, person }) => {
  await askForLink(page, person.email);
  const link = await resetLinkTo(page, person.email);
  const referers: (string | undefined)[] = [];
  page.on("request", (request) => {
    referers.push(request.headers().referer);
  });
  await page.goto(link);
  await page.getByLabel("New password").fill(NEXT);
  await expect(page.getByText("Hard to guess.")).toBeVisible();
  await page.getByRole("button", SAVE).click();
  await page.getByRole("link", { name: "Log in" }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  expect(referers.length).toBeGreaterThan(5);
  expect(referers.filter(Boolean)).toEqual([]);
});

test.describe("the field for a new password", () => {
  test.beforeEach(async ({ page, person }) => {
    await askForLink(page, person.email);
    await page.goto(await resetLinkTo(page, person.email), { waitUntil: "networkidle" });
  });

  test("loads its word lists only once something is typed, and once", async ({ page }) => {
    const scripts: string[] = [];
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.push(request.url());
    });
    await page.getByLabel("New password").focus();
    expect(scripts).toEqual([]);
    await page.keyboard.type("lovely");
    await expect(page.getByText("Use at least 8 characters.")).toBeVisible();
    const loaded = scripts.length;
    expect(loaded).toBeGreaterThan(0);
    await page.keyboard.type("zebra");
    await expect(page.getByText("Many people use one like it.")).toBeVisible();
    expect(scripts).toHaveLength(loaded);
    await page.getByLabel("New password").fill("");
    await expect(page.getByText("to guess.")).toHaveCount(0);
  });

  test("says nothing of strength where the lists can't be loaded, and works", async ({ page }) => {
    await page.route("**/_next/static/**", (route) => route.abort());
    await page.getByLabel("New password").fill(NEXT);
    await page.getByRole("button", SAVE).click();
    await expect(page.getByRole("status")).toContainText("Your password is changed.");
  });

  test("shows what was typed and hides it again, by keyboard too, and nothing moves", async ({ page }) => {
    const field = page.getByLabel("New password");
    const save = page.getByRole("button", SAVE);
    const before = await save.boundingBox();
    await field.fill("lovelyzebra");
    await expect(page.getByText("Many people use one like it.")).toBeVisible();
    expect(await save.boundingBox()).toEqual(before);
    await expect(field).toHaveAttribute("type", "password");
    const show = page.getByRole("button", { name: "Show password" });
    await expect(show).toHaveAttribute("aria-pressed", "false");
    await field.press("Tab");
    await expect(show).toBeFocused();
    await page.keyboard.press("Space");
    await expect(show).toHaveAttribute("aria-pressed", "true");
    await expect(field).toHaveAttribute("type", "text");
    await expect(field).toHaveValue("lovelyzebra");
    await page.keyboard.press("Space");
    await expect(field).toHaveAttribute("type", "password");
    await expect(field).toHaveAttribute("autocomplete", "new-password");
  });
});

for (const width of [320, 1280]) {
  test(`every state is accessible ${width} px wide`, async ({ page, site, person }) => {
    await page.setViewportSize({ width, height: 800 });
    const check = () => expectAccessible(page);
    await askForLink(page, person.email);
    await check();
    const link = await resetLinkTo(page, person.email);
    await page.goto(link);
    for (const [password, word] of [
      ["password1", "Very easy to guess."],
      ["lovelyzebra", "Not hard to guess."],
      [NEXT, "Hard to guess."],
    ] as const) {
      await page.getByLabel("New password").fill(password);
      await expect(page.getByText(word, { exact: true })).toBeVisible();
      await check();
    }
    await page.getByLabel("New password").fill("password1");
    await page.getByRole("button", SAVE).click();
    await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/too common/);
    await check();
    await agePendingLinks(site, person.id);
    await page.reload();
    await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
    await check();
  });
}
