import type { APIRequestContext, Page } from "@playwright/test";
import { makePerson, newAddress } from "../kit/people.ts";
import { expectAccessible } from "./accessible.ts";
import { codeTo, expect, fillIn, mailTo, originOf, test, wrongCode } from "./fixtures.ts";
import { ownOrigin } from "./own-origin.ts";

const DEVICES = { name: "Your devices" };
const CHECK = { name: "Check your e-mail" };
const PASSWORD = "a rather good pass phrase";

async function register(page: Page, email: string, { path = "/register", password = PASSWORD } = {}) {
  await page.goto(path);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create an account" }).click();
}

/** Registers up to the page of codes, and returns the code. */
async function start(page: Page, email: string): Promise<string> {
  await register(page, email);
  await expect(page.getByRole("heading", CHECK)).toBeVisible();
  return codeTo(page.request, email);
}

async function subjectsTo(request: APIRequestContext, email: string) {
  return (await mailTo(request, email)).map(({ subject }) => subject);
}

test.describe("creating an account", () => {
  test("goes from the log-in to one's devices by keyboard alone", async ({ page }) => {
    const email = newAddress();
    await page.goto("/login");
    await page.getByRole("link", { name: "Create an account" }).focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL("/register");
    await expect(page.getByRole("button", { name: "Create an account" })).toBeEnabled();
    await page.getByLabel("Name (optional)").focus();
    await page.keyboard.type("Grace Hopper");
    await page.keyboard.press("Tab");
    await page.keyboard.type(email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", CHECK)).toBeVisible();
    await expect(page.getByText(`${email[0]}•••@example.com`)).toBeVisible();
    await expect(page.getByLabel("Code")).toBeFocused();
    await page.keyboard.type(await codeTo(page.request, email));
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    await expect(page).toHaveURL("/account/sessions");
    await expect(page.getByText("with password and e-mail code")).toBeVisible();
    const me = await (await page.request.get("/api/me")).json();
    expect(me).toMatchObject({ email, name: "Grace Hopper", role: "user" });
  });

  test("mails a code in text and HTML, and nothing else", async ({ page }) => {
    const email = newAddress();
    const code = await start(page, email);
    const [mail, ...more] = await mailTo(page.request, email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("Your code to confirm your address");
    expect(mail?.text.split("\n")).toContain(code);
    expect(mail?.html).toContain(`>${code}<`);
    expect(mail?.text).toContain("It works once, for 10 minutes.");
    for (const part of [mail?.text, mail?.html]) expect(part).not.toContain(PASSWORD);
  });

  test("with an address that is taken looks the same; the mail tells its owner how to log in", async ({
    page,
    person,
  }) => {
    await register(page, person.email);
    await expect(page.getByRole("heading", CHECK)).toBeVisible();
    const taken = (await page.getByRole("main").innerText()).replace(/\d+ s\b/, "");
    await start(page, person.email[0] + newAddress());
    expect((await page.getByRole("main").innerText()).replace(/\d+ s\b/, "")).toBe(taken);

    const [mail, ...more] = await mailTo(page.request, person.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe("You already have an account");
    const link = mail?.text.split("\n").find((line) => line.endsWith("/login")) ?? "";
    expect(mail?.html).toContain(`href="${link}"`);
    await page.goto(link);
    await fillIn(page, person);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("says beside each field what is wrong with it, and goes to the first", async ({ page }) => {
    const email = page.getByLabel("E-mail address");
    const password = page.getByLabel("Password", { exact: true });
    await register(page, "ada", { password: "password1" });
    await expect(email).toHaveAccessibleDescription("Enter a valid email address.");
    await expect(password).toHaveAccessibleDescription(/This password is too common\.$/);
    await expect(email).toBeFocused();
    await email.fill(newAddress());
    await page.getByRole("button", { name: "Create an account" }).click();
    await expect(password).toBeFocused();
    await expect(page).toHaveURL("/register");
  });

  test("leads on to where the person was going, and only to our own pages", async ({ page, site }) => {
    for (const next of ["//evil.example", "javascript:alert(1)"]) {
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await page.getByRole("link", { name: "Create an account" }).click();
      await expect(page).toHaveURL("/register");
    }
    const email = newAddress();
    await page.goto("/login?next=/account/activity");
    await page.getByRole("link", { name: "Create an account" }).click();
    await expect(page).toHaveURL(/\/register\?to=[0-9a-f-]{36}$/);
    await register(page, email, { path: new URL(page.url()).pathname + new URL(page.url()).search });
    await expect(page.getByRole("heading", CHECK)).toBeVisible();
    await page.getByLabel("Code").fill(await codeTo(page.request, email));
    await expect(page).toHaveURL(`${originOf(site)}/account/activity`);
    await page.goto("/register?next=//evil.example");
    await expect(page).toHaveURL(`${originOf(site)}/account/sessions`);
  });

  test("puts the password in no URL and no log, scripts or not", async ({ browser, page, site }) => {
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    await start(page, newAddress());
    const context = await browser.newContext({ javaScriptEnabled: false });
    const bare = await context.newPage();
    bare.on("request", (request) => urls.push(request.url()));
    await bare.goto("/register");
    await bare.getByLabel("E-mail address").fill(newAddress());
    await bare.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await bare.getByLabel("Password", { exact: true }).press("Enter");
    await expect(bare.getByRole("heading", { name: "Create an account" })).toBeVisible();
    await context.close();
    for (const text of [...urls.map(decodeURIComponent), site.log()]) {
      expect(text.replaceAll("+", " ")).not.toContain(PASSWORD);
    }
  });
});

test.describe("the code of a registration", () => {
  test("keeps its place over a reload and in a second tab, and offers to trust nothing", async ({
    page,
    context,
  }) => {
    const code = await start(page, newAddress());
    await page.reload();
    await expect(page.getByRole("heading", CHECK)).toBeVisible();
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await expect(page.getByRole("button", { name: /Send again in \d+ s/ })).toBeDisabled();
    const second = await context.newPage();
    await second.goto("/register/code");
    await second.getByLabel("Code").fill(code);
    await expect(second.getByRole("heading", DEVICES)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("is no log-in before it is typed, and none on the log-in's own page", async ({ page }) => {
    await start(page, newAddress());
    await page.goto("/account/sessions");
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    expect((await page.request.get("/api/me")).status()).toBe(401);
    await page.goto("/login/code");
    await expect(page.getByRole("heading", { name: "No log-in is waiting here" })).toBeVisible();
  });

  test("five wrong ones end it, and the page leads back to the start", async ({ page }) => {
    const code = await start(page, newAddress());
    for (const left of ["4 tries are", "3 tries are", "2 tries are", "One try is"]) {
      await page.getByLabel("Code").fill(wrongCode(code));
      await expect(page.getByText(`${left} left.`)).toBeVisible();
      await expect(page.getByLabel("Code")).toBeFocused();
    }
    await page.getByLabel("Code").fill(wrongCode(code));
    await expect(page.getByRole("heading", { name: "Too many wrong codes" })).toBeVisible();
    await page.getByRole("link", { name: "Start again" }).click();
    await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
  });

  test("says so once it has expired, or its address was given away meanwhile", async ({ page, site }) => {
    const { db } = await site.app();
    const ends = [
      [
        "This code has expired",
        (email: string) =>
          db.$client`update challenges set expires_at = now() - interval '1 second' where email = ${email}`,
      ],
      ["This registration has ended", (email: string) => makePerson(site, { email })],
    ] as const;
    for (const [name, end] of ends) {
      const email = newAddress();
      const code = await start(page, email);
      await end(email);
      await page.getByLabel("Code").fill(code);
      await expect(page.getByRole("heading", { name })).toBeVisible();
      expect((await page.request.get("/api/me")).status()).toBe(401);
    }
  });

  test("can be asked for again after a minute; then only the newer one opens", async ({ page, site }) => {
    const email = newAddress();
    await start(page, email);
    const { db } = await site.app();
    await db.$client`update challenges set sent_at = sent_at - interval '61 seconds' where email = ${email}`;
    await page.reload();
    await page.getByRole("button", { name: "Send again", exact: true }).click();
    await expect(page.getByText("A new code is on its way.")).toBeVisible();
    expect(await subjectsTo(page.request, email)).toHaveLength(2);
    await page.getByLabel("Code").fill(await codeTo(page.request, email));
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("without a registration that waits there is a way to the start and to the log-in", async ({
    page,
  }) => {
    await page.goto("/register/code");
    await expect(page.getByRole("heading", { name: "No registration is waiting here" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Log in" })).toBeVisible();
    await page.getByRole("link", { name: "Start again" }).click();
    await expect(page.getByRole("heading", { name: "Create an account" })).toBeVisible();
  });
});

test("while registration is closed the pages say so, link nowhere to it, and hold nothing against them", async ({
  browser,
  startServer,
}) => {
  test.setTimeout(120_000);
  const closed = await startServer({ ...(await ownOrigin()), REGISTRATION: "closed" });
  const context = await browser.newContext({ baseURL: originOf(closed) });
  const page = await context.newPage();
  await page.goto("/login");
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
  for (const path of ["/register", "/register/code"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Registration is closed" })).toBeVisible();
    await expect(page.getByRole("textbox")).toHaveCount(0);
    await page.setViewportSize({ width: 320, height: 800 });
    await expectAccessible(page);
    await page.getByRole("link", { name: "Log in" }).click();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  }
  await context.close();
});
