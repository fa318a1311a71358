import { enterBrowser, expect, FIREFOX_ON_LINUX, fillIn, mailTo, SAFARI_ON_IOS, test } from "./fixtures.ts";

const NEW_PASSWORD = "another horse, another battery";

test("This wasn't me: opening the link ends nothing, the button ends everything, and a new password opens", async ({
  browser,
  site,
  person,
}) => {
  const own = await browser.newContext({ userAgent: FIREFOX_ON_LINUX });
  const stranger = await browser.newContext({ userAgent: SAFARI_ON_IOS });
  await enterBrowser(own, site, person);
  await enterBrowser(stranger, site, person);
  const [mail] = await mailTo(own.request, person.email);
  expect(mail?.text).toContain("Safari on iOS");
  const link = mail?.text.split("\n").find((line) => line.includes("/not-me?token=")) ?? "";

  const reader = await browser.newContext();
  const page = await reader.newPage();
  const opened = await page.goto(link);
  expect(opened?.headers()).toMatchObject({ "cache-control": "no-store", "referrer-policy": "no-referrer" });
  await expect(page.getByRole("heading", { name: "Was that not you?" })).toBeVisible();
  await page.reload();
  expect((await own.request.get("/api/me")).status()).toBe(200);
  expect((await stranger.request.get("/api/me")).status()).toBe(200);

  await page.getByRole("button", { name: "Log out everywhere" }).click();
  await expect(page.getByRole("status")).toContainText("Every device is logged out.");
  await expect(page.getByRole("status")).toBeFocused();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose a new password");
  expect((await own.request.get("/api/me")).status()).toBe(401);
  expect((await stranger.request.get("/api/me")).status()).toBe(401);

  await page.getByLabel("New password").fill("password");
  await page.getByRole("button", { name: "Save the new password" }).click();
  await expect(page.getByLabel("New password")).toHaveAccessibleDescription(/common/);
  await page.getByLabel("New password").fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Save the new password" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Your password is changed." })).toBeFocused();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("You have a new password");
  await page.getByRole("link", { name: "Log in" }).click();
  await fillIn(page, person);
  await expect(page.getByText("That address and password don't belong together.")).toBeVisible();
  await fillIn(page, { ...person, password: NEW_PASSWORD });
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();

  await page.goto(link);
  await page.getByRole("button", { name: "Log out everywhere" }).click();
  await expect(
    page.getByRole("alert").filter({ hasText: "This link was used or has expired." }),
  ).toBeVisible();
  await expect(page.getByRole("link", { name: "Choose a new password" })).toBeVisible();
  expect((await page.request.get("/api/me")).status()).toBe(200);
  for (const context of [own, stranger, reader]) await context.close();
});

for (const path of ["/not-me", "/not-me?token=", "/not-me?token=a&token=b"]) {
  test(`${path} without a whole link says so instead of ending anything`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "This link is not whole" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Log out everywhere" })).toBeHidden();
    await expect(page.getByRole("link", { name: "Log in" })).toBeVisible();
    await page.getByRole("link", { name: "Choose a new password" }).click();
    await expect(page).toHaveURL("/forgot-password");
  });
}
