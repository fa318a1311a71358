import { expectAccessible } from "./accessible.ts";
import { expect, fillIn, invite, mailTo, test } from "./fixtures.ts";

const PASSWORD = "a rather good pass phrase";

test("an invited person opens the link, chooses a password, and logs in with it", async ({ page, site }) => {
  const email = await invite(site);
  const [mail, ...more] = await mailTo(page.request, email);
  expect(more).toEqual([]);
  expect(mail?.subject).toBe("You are invited");
  const link = mail?.text.split("\n").find((line) => line.includes("/accept-invitation?token=")) ?? "";
  expect(mail?.html).toContain(`href="${link}"`);

  for (let opened = 0; opened < 2; opened += 1) {
    const answer = await page.goto(link);
    expect(answer?.headers()).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
    await expect(page.getByRole("heading", { name: "Choose a password" })).toBeVisible();
  }
  await expectAccessible(page);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("password1");
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(password).toHaveAccessibleDescription(/This password is too common\.$/);
  await expect(password).toBeFocused();
  await password.fill(PASSWORD);
  await password.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Your account is ready." })).toBeFocused();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Welcome");
  expect((await page.request.get("/api/me")).status()).toBe(401);
  await page.getByRole("link", { name: "Log in" }).click();
  await fillIn(page, { id: "", email, password: PASSWORD });
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  expect(await (await page.request.get("/api/me")).json()).toMatchObject({ email, name: "Grace" });

  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This invitation is used up");
  await expect(page.getByRole("link", { name: "Log in" })).toBeVisible();
});

test("an invitation that is accepted elsewhere meanwhile says so, and changes nothing", async ({
  page,
  site,
}) => {
  const email = await invite(site);
  const [mail] = await mailTo(page.request, email);
  const link = new URL(/http\S+accept-invitation\S+/.exec(mail?.text ?? "")?.[0] ?? "");
  await page.goto(link.href);
  const token = link.searchParams.get("token");
  const accepted = await page.request.post("/api/invitation/accept", { data: { token, password: PASSWORD } });
  expect(accepted.status()).toBe(200);
  await page.getByLabel("Password", { exact: true }).fill("another good pass phrase");
  await page.getByRole("button", { name: "Save the password" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Ask for another invitation." })).toBeVisible();
  const login = await page.request.post("/api/token", { data: { email, password: PASSWORD } });
  expect(login.status()).toBe(200);
});

test("an invitation that is a week old asks for another one", async ({ page, site }) => {
  const email = await invite(site);
  const [mail] = await mailTo(page.request, email);
  const { db } = await site.app();
  await db.$client`update challenges set expires_at = now() where user_id = (select id from users where email = ${email})`;
  await page.goto(/http\S+accept-invitation\S+/.exec(mail?.text ?? "")?.[0] ?? "");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("This invitation has expired");
  await expect(page.getByText("Ask whoever invited you for another one.")).toBeVisible();
});

for (const path of [
  "/accept-invitation",
  "/accept-invitation?token=",
  "/accept-invitation?token=a&token=b",
]) {
  test(`${path} without a whole link says so`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("This link leads nowhere");
    await expect(page.getByLabel("Password", { exact: true })).toBeHidden();
  });
}
