import type { Page } from "@playwright/test";
import { makePerson, type Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { codeTo, enterBrowser, expect, fillIn, longAgo, mailTo, test, wrongCode } from "./fixtures.ts";

const NEW_PASSWORD = "another horse, another battery";

/** Somebody who logged in an hour ago, at their security page. */
async function enterSecurity(page: Page, site: Server, person: Person): Promise<void> {
  await enterBrowser(page.context(), site, person);
  await longAgo(site, person);
  await page.goto("/account/security");
  await expect(page.getByRole("heading", { name: "Security" })).toBeVisible();
}

const switchOf = (page: Page) => page.getByRole("switch", { name: "Ask for a code by e-mail" });
const dialogOf = (page: Page) => page.getByRole("alertdialog", { name: "Confirm it's you" });
const passwordIn = (page: Page) => dialogOf(page).getByLabel("Password", { exact: true });

async function twoStepOf(page: Page): Promise<boolean> {
  return (await (await page.request.get("/api/two-factor")).json()).email;
}

test("two-step log-in is turned on with the password and off with a code, and says what it is good for", async ({
  page,
  site,
  person,
}) => {
  await enterSecurity(page, site, person);
  await expect(switchOf(page)).not.toBeChecked();
  await expect(switchOf(page)).toHaveAccessibleDescription(/stolen password, not against a stolen mailbox/);
  await switchOf(page).click();
  await expect(passwordIn(page)).toBeFocused();
  await passwordIn(page).fill(person.password);
  await dialogOf(page).getByRole("button", { name: "Confirm" }).click();
  await expect(switchOf(page)).toBeChecked();
  await expect(dialogOf(page)).toBeHidden();
  await expect(switchOf(page)).toBeFocused();
  expect(await twoStepOf(page)).toBe(true);

  await longAgo(site, person);
  await switchOf(page).click();
  await dialogOf(page).getByRole("button", { name: "Send me a code instead" }).click();
  const code = dialogOf(page).getByLabel("Code");
  await expect(code).toBeFocused();
  await expect(code).toHaveAccessibleDescription(`We sent it to ${person.email[0]}•••@example.com.`);
  const mailed = await codeTo(page.request, person.email);
  await code.fill(wrongCode(mailed));
  await expect(code).toHaveAccessibleDescription(/That code is not right. 4 tries are left./);
  await expect(code).toBeFocused();
  await code.fill(mailed);
  await expect(switchOf(page)).not.toBeChecked();
  await expect(switchOf(page)).toBeFocused();
  expect(await twoStepOf(page)).toBe(false);
  await page.reload();
  await expect(switchOf(page)).not.toBeChecked();
});

test("an administrator who must confirm an act types the password at once, and the act is done", async ({
  page,
  site,
  person,
}) => {
  const admin = await makePerson(site, { role: "admin" });
  await enterBrowser(page.context(), site, admin);
  await longAgo(site, admin);
  await page.goto(`/admin/users/${person.id}`);
  await page.getByRole("button", { name: "Deactivate" }).click();
  const act = page.getByRole("alertdialog", { name: /Deactivate/ });
  await expect(act.getByLabel(/^Reason/)).toBeFocused();
  await page.keyboard.type("left us");
  await page.keyboard.press("Enter");
  await expect(passwordIn(page)).toBeFocused();
  await page.keyboard.type(admin.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Reactivate" })).toBeVisible();
});

test("a page that takes long is announced where it was asked for", async ({ page, site, person }) => {
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/security");
  let letPass = () => {};
  const held = new Promise<void>((resolve) => {
    letPass = resolve;
  });
  await page.route("**/account/activity?*", async (route) => {
    await held;
    await route.continue();
  });
  const link = page.getByRole("navigation", { name: "Account" }).getByRole("link", { name: "Activity" });
  const shadeOf = () =>
    link.evaluate((element) => getComputedStyle(element.lastElementChild as Element).opacity);
  expect(await shadeOf()).toBe("0");
  await link.click();
  await expect.poll(async () => Number(await shadeOf())).toBeGreaterThan(0.1);
  letPass();
  await expect(page.getByRole("heading", { level: 1, name: "Activity" })).toBeVisible();
  await expect.poll(shadeOf).toBe("0");
});

test("a log-in of this minute is not asked to confirm", async ({ page, site, person }) => {
  await enterBrowser(page.context(), site, person);
  await page.goto("/account/security");
  await switchOf(page).click();
  await expect(switchOf(page)).toBeChecked();
  await expect(dialogOf(page)).toBeHidden();
});

test("a wrong password is told beside its field, and cancelling changes nothing", async ({
  page,
  site,
  person,
}) => {
  await enterSecurity(page, site, person);
  await switchOf(page).click();
  await dialogOf(page).getByRole("button", { name: "Confirm" }).click();
  await expect(passwordIn(page)).toHaveAccessibleDescription("This field may not be blank.");
  await passwordIn(page).fill("guess");
  await passwordIn(page).press("Enter");
  await expect(passwordIn(page)).toHaveAccessibleDescription("That password is not right.");
  await expect(passwordIn(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialogOf(page)).toBeHidden();
  await expect(page.getByText("Nothing was done, because you didn't confirm that it's you.")).toBeVisible();
  await expect(switchOf(page)).toBeFocused();
  await expect(switchOf(page)).not.toBeChecked();
  expect(await twoStepOf(page)).toBe(false);
});

test("a person can go from the code back to the password", async ({ page, site, person }) => {
  await enterSecurity(page, site, person);
  await switchOf(page).click();
  await dialogOf(page).getByRole("button", { name: "Send me a code instead" }).click();
  await expect(dialogOf(page).getByRole("button", { name: /^Send again in \d+ s$/ })).toBeDisabled();
  await dialogOf(page).getByRole("button", { name: "Use the password" }).click();
  await passwordIn(page).fill(person.password);
  await passwordIn(page).press("Enter");
  await expect(switchOf(page)).toBeChecked();
});

test("two-step log-in is turned on by keyboard alone", async ({ page, site, person }) => {
  await enterSecurity(page, site, person);
  await expect(switchOf(page)).toBeEnabled();
  await switchOf(page).focus();
  await page.keyboard.press("Space");
  await expect(passwordIn(page)).toBeFocused();
  for (let press = 0; press < 8; press += 1) {
    await page.keyboard.press("Tab");
    await expect(dialogOf(page).locator(":focus")).toHaveCount(1);
  }
  await passwordIn(page).focus();
  await page.keyboard.type(person.password);
  await page.keyboard.press("Enter");
  await expect(switchOf(page)).toBeChecked();
  await expect(switchOf(page)).toBeFocused();
});

test("an address is changed with one code, both mailboxes are told, and the old one takes the account back", async ({
  page,
  site,
  person,
  browser,
}) => {
  const email = `new-${person.email}`;
  await enterSecurity(page, site, person);
  await page.getByLabel("New e-mail address").fill(email);
  await page.getByLabel("Your password").fill("guess");
  await page.getByRole("button", { name: "Send a code", exact: true }).click();
  await expect(page.getByLabel("Your password")).toHaveAccessibleDescription("That password is not right.");
  await page.getByLabel("Your password").fill(person.password);
  await page.getByRole("button", { name: "Send a code", exact: true }).click();
  await expect(page.getByLabel("Code", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Code", { exact: true })).toHaveAccessibleDescription(
    /^We sent it to n•••@example\.com\./,
  );
  const [toNew] = await mailTo(page.request, email);
  expect(toNew?.subject).toBe("Your code to confirm your new address");
  const code = await codeTo(page.request, email);
  expect(toNew?.html).toContain(code);
  expect(await mailTo(page.request, person.email)).toEqual([]);
  await page.getByLabel("Code", { exact: true }).fill(code);
  await expect(page.getByRole("status").filter({ hasText: "Your address is changed." })).toBeFocused();
  await expect(page.getByText(`You log in with ${email}`)).toBeVisible();

  const [toOld] = await mailTo(page.request, person.email);
  const [told] = await mailTo(page.request, email);
  for (const mail of [toOld, told]) expect(mail?.subject).toBe("The address of your account was changed");
  expect(`${told?.text}${told?.html}`).not.toMatch(/undo|token=/);
  const link = toOld?.text.split("\n").find((line) => line.includes("/undo-email-change?token=")) ?? "";
  expect(toOld?.html).toContain(`href="${link}"`);

  const reader = await browser.newContext();
  const mailbox = await reader.newPage();
  const opened = await mailbox.goto(link);
  expect(opened?.headers()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  await expect(mailbox.getByRole("heading", { name: "Undo the change of address?" })).toBeVisible();
  await mailbox.reload();
  expect((await (await page.request.get("/api/me")).json()).email).toBe(email);

  const late = await reader.newPage();
  await late.goto(link);
  await mailbox.getByRole("button", { name: "Undo the change" }).click();
  await expect(mailbox.getByRole("status")).toContainText("Your address is as it was");
  await expect(mailbox.getByRole("status")).toBeFocused();
  await expect(mailbox.getByRole("heading", { level: 1 })).toHaveText("Choose a new password");
  expect((await page.request.get("/api/me")).status()).toBe(401);
  await mailbox.getByLabel("New password").fill(NEW_PASSWORD);
  await mailbox.getByRole("button", { name: "Save the new password" }).click();
  await expect(mailbox.getByRole("status").filter({ hasText: "Your password is changed." })).toBeVisible();
  const [restored] = await mailTo(page.request, email);
  expect(restored?.subject).toBe("A change of your address was undone");
  await mailbox.goto("/login");
  await fillIn(mailbox, { ...person, email, password: NEW_PASSWORD });
  await expect(mailbox.getByText("That address and password don't belong together.")).toBeVisible();
  await fillIn(mailbox, { ...person, password: NEW_PASSWORD });
  await expect(
    mailbox.getByRole("heading", { name: "Check your e-mail" }),
    "an undo asks a code",
  ).toBeVisible();
  await mailbox.getByLabel("Code").fill(await codeTo(page.request, person.email));
  await expect(mailbox.getByRole("heading", { name: "Your devices" })).toBeVisible();

  await late.getByRole("button", { name: "Undo the change" }).click();
  await expect(late.getByRole("alert").filter({ hasText: "This link was used" })).toBeVisible();
  await mailbox.goto(link);
  await expect(mailbox.getByRole("heading", { name: "This link is used up" })).toBeVisible();
  await expect(mailbox.getByRole("button", { name: "Undo the change" })).toBeHidden();
  expect((await mailbox.request.get("/api/me")).status()).toBe(200);
  await reader.close();
});

test("an address that is taken looks the same as a free one", async ({ page, site, person }) => {
  const owner = await makePerson(site, { email: `owner-${person.email}` });
  await enterSecurity(page, site, person);
  await page.getByLabel("New e-mail address").fill(owner.email);
  await page.getByLabel("Your password").fill(person.password);
  await page.getByRole("button", { name: "Send a code", exact: true }).click();
  await expect(page.getByLabel("Code", { exact: true })).toHaveAccessibleDescription(
    /^We sent it to o•••@example\.com\./,
  );
  const [mail] = await mailTo(page.request, owner.email);
  expect(mail?.subject).toBe("You already have an account");
  expect(mail?.text).not.toMatch(/^\d{6}$/m);
  expect(mail?.html).not.toMatch(/>\d{6}</);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Nothing was changed." })).toBeFocused();
  await expect(page.getByText(`You log in with ${person.email}`)).toBeVisible();
});

test("what is no address, or the same one, is told beside the field", async ({ page, site, person }) => {
  await enterSecurity(page, site, person);
  const field = page.getByLabel("New e-mail address");
  await page.getByLabel("Your password").fill(person.password);
  for (const [typed, sentence] of [
    ["", "This field may not be blank."],
    ["ada@localhost", "Enter a valid email address."],
    [person.email.toUpperCase(), "This is your address already."],
  ] as const) {
    await field.fill(typed);
    await field.press("Enter");
    await expect(field).toHaveAccessibleDescription(sentence);
    await expect(field).toBeFocused();
  }
});

test("an old code is refused in words, and the way begins anew", async ({ page, site, person }) => {
  await enterSecurity(page, site, person);
  await page.getByLabel("New e-mail address").fill(`new-${person.email}`);
  await page.getByLabel("Your password").fill(person.password);
  await page.getByLabel("Your password").press("Enter");
  await expect(page.getByLabel("Code", { exact: true })).toBeFocused();
  const { db } = await site.app();
  await db.$client`update challenges set expires_at = now() where user_id = ${person.id}`;
  await page.getByLabel("Code", { exact: true }).fill("123456");
  await expect(page.getByRole("status").filter({ hasText: "so nothing was changed" })).toBeVisible();
  await expect(page.getByLabel("New e-mail address")).toBeVisible();
});

for (const path of [
  "/undo-email-change",
  "/undo-email-change?token=",
  "/undo-email-change?token=abc",
  "/undo-email-change?token=a&token=b",
]) {
  test(`${path} without a whole link says so instead of changing anything`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "This link leads nowhere" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Undo the change" })).toBeHidden();
    await page.getByRole("link", { name: "Choose a new password" }).click();
    await expect(page).toHaveURL("/forgot-password");
  });
}

test("a person with trusted devices sees how many, and where they are", async ({ page, careful }) => {
  await page.goto("/login");
  await fillIn(page, careful);
  await page.getByLabel("Trust this device for 30 days").check();
  await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await page.goto("/account/security");
  await expect(page.getByText("One device is trusted to log in without a code.")).toBeVisible();
  await page.getByRole("link", { name: "See your devices" }).click();
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
});
