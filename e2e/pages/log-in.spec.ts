import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { makePerson } from "../kit/people.ts";
import { codeTo, expect, fillIn, originOf, test, wrongCode } from "./fixtures.ts";

const DEVICES = { name: "Your devices" };

async function startLogIn(page: Page, person: Parameters<typeof fillIn>[1]): Promise<string> {
  await page.goto("/login");
  await fillIn(page, person);
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  return codeTo(page.request, person.email);
}

test.describe("logging in with a code", () => {
  test("a code typed with a space is sent as soon as it is whole", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    await page.getByLabel("Code").pressSequentially(`${code.slice(0, 3)} ${code.slice(3)}`);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    await expect(page).toHaveURL("/account/sessions");
    await expect(page.getByText("with password and e-mail code")).toBeVisible();
  });

  test("a pasted code is sent too, with the spaces it came with", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    await page.getByLabel("Code").focus();
    await page.keyboard.insertText(` ${code.slice(0, 3)}-${code.slice(3)} `);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("the page says where the code went and when another can be sent", async ({ page, careful }) => {
    await startLogIn(page, careful);
    await expect(page.getByText(/We sent a code to .•••@example\.com/)).toBeVisible();
    await expect(page.getByRole("button", { name: /Send again in \d+ s/ })).toBeDisabled();
    const code = page.getByLabel("Code");
    await expect(code).toBeFocused();
    await expect(code).toHaveAttribute("autocomplete", "one-time-code");
    await expect(code).toHaveAttribute("inputmode", "numeric");
  });

  test("a wrong code says how many tries are left and keeps the person where they are", async ({
    page,
    careful,
  }) => {
    const code = await startLogIn(page, careful);
    await page.getByLabel("Code").fill(wrongCode(code));
    await expect(page.getByRole("alert").filter({ hasText: "4 tries are left." })).toBeVisible();
    await expect(page.getByLabel("Code")).toBeFocused();
    await expect(page.getByLabel("Code")).toHaveValue("");
    await page.getByLabel("Code").fill(code);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("what can't be a code spends no try", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    await page.getByLabel("Code").fill("12ab56");
    await page.keyboard.press("Enter");
    await expect(page.getByText("Enter the six digits from the e-mail.")).toBeVisible();
    await expect(page.getByLabel("Code")).toHaveValue("12ab56");
    await page.getByLabel("Code").fill(wrongCode(code));
    await expect(page.getByText("4 tries are left.")).toBeVisible();
  });

  test("a reload and a second tab keep the log-in that waits", async ({ page, context, careful }) => {
    const code = await startLogIn(page, careful);
    await page.reload();
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
    const second = await context.newPage();
    await second.goto("/login/code");
    await second.getByLabel("Code").fill(code);
    await expect(second.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("waiting for a code is not being logged in", async ({ page, careful }) => {
    await startLogIn(page, careful);
    await page.goto("/account/sessions");
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    expect((await page.request.get("/api/me")).status()).toBe(401);
  });

  test("five wrong codes end the log-in, and the page leads back to the start", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    for (const left of ["4 tries are", "3 tries are", "2 tries are", "One try is"]) {
      await page.getByLabel("Code").fill(wrongCode(code));
      await expect(page.getByText(`${left} left.`)).toBeVisible();
    }
    await page.getByLabel("Code").fill(wrongCode(code));
    await expect(page.getByRole("heading", { name: "Too many wrong codes" })).toBeVisible();
    await expect(page).toHaveTitle("Too many wrong codes · Keyturn");
    await page.getByRole("link", { name: "Log in again" }).click();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  });

  test("a code typed before the page's scripts came is sent when they have", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    const letScriptsPass = await holdScripts(page);
    await page.goto("/login/code", { waitUntil: "commit" });
    await page.getByLabel("Code").pressSequentially(code);
    await page.getByLabel("Code").press("Enter");
    letScriptsPass();
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });

  test("without a log-in that waits, the page of codes leads to the start", async ({ page }) => {
    await page.goto("/login/code");
    await expect(page.getByRole("heading", { name: "No log-in is waiting here" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Log in again" })).toBeVisible();
  });
});

test.describe("trusting a device", () => {
  test("a trusted device is asked for no code the next time", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    await page.getByLabel("Trust this device for 30 days").check();
    await page.getByLabel("Code").fill(code);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await fillIn(page, careful);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    expect(await codeTo(page.request, careful.email)).toBe(code);
  });

  test("a device that was not trusted is asked again", async ({ page, careful }) => {
    const code = await startLogIn(page, careful);
    await page.getByLabel("Code").fill(code);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    await page.getByRole("button", { name: "Log out", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    await fillIn(page, careful);
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  });
});

test.describe("logging in with a password alone", () => {
  test("leads straight to the devices", async ({ page, person }) => {
    await page.goto("/login");
    await fillIn(page, person);
    await expect(page).toHaveURL("/account/sessions");
    await expect(page.getByText("with password", { exact: false })).toBeVisible();
  });

  test("a wrong password is said at once, and the fields stay as they are", async ({ page, person }) => {
    await page.goto("/login");
    await fillIn(page, { ...person, password: "not the password" });
    await expect(page.getByText("That address and password don't belong together.")).toBeVisible();
    await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
    await expect(page.getByLabel("Password")).toBeFocused();
  });

  test("an empty form says what is missing", async ({ page }) => {
    await page.goto("/login");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription(
      "This field may not be blank.",
    );
    await expect(page.getByLabel("Password")).toHaveAccessibleDescription("This field may not be blank.");
    await expect(page.getByLabel("E-mail address")).toBeFocused();
  });

  test("whoever is logged in already goes on from the log-in page", async ({ page, person }) => {
    await page.goto("/login");
    await fillIn(page, person);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    await page.goto("/login");
    await expect(page).toHaveURL("/account/sessions");
  });
});

test.describe("a password", () => {
  test("is in no URL and no log, whether the log-in works or not", async ({ page, site, person }) => {
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    await page.goto("/login");
    await fillIn(page, { ...person, password: "a wrong secret of mine" });
    await expect(page.getByText("That address and password don't belong together.")).toBeVisible();
    await fillIn(page, person);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    expect(urls.length).toBeGreaterThan(3);
    for (const text of [...urls.map(decodeURIComponent), site.log()]) {
      expect(text.replaceAll("+", " ")).not.toContain(person.password);
      expect(text.replaceAll("+", " ")).not.toContain("a wrong secret of mine");
    }
  });

  test("is in no URL either when the page's scripts never came", async ({ browser, person }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    await page.goto("/login");
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByLabel("Password").press("Enter");
    await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    for (const url of urls) expect(url).not.toMatch(/password|correct/);
    await expect(page.getByRole("paragraph").first()).toHaveText(/^JavaScript is switched off here\./);
    await context.close();
  });

  test("typed before the page's scripts came is not lost", async ({ page, person }) => {
    const letScriptsPass = await holdScripts(page);
    await page.goto("/login", { waitUntil: "commit" });
    await page.getByLabel("E-mail address").fill(person.email);
    await page.getByLabel("Password").fill(person.password);
    await page.getByLabel("Password").press("Enter");
    letScriptsPass();
    await expect(page.getByLabel("E-mail address")).toHaveValue(person.email);
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
  });
});

test.describe("?next=", () => {
  test("leads to one of our own pages after the log-in, through the code too", async ({ page, careful }) => {
    await page.goto("/login?next=/account/sessions");
    await fillIn(page, careful);
    await expect(page).toHaveURL(/\/login\/code\?to=[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
    await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
    await expect(page).toHaveURL("/account/sessions");
  });

  test("is kept where the log-in starts again", async ({ page, careful }) => {
    await page.goto("/login?next=/account/activity");
    await fillIn(page, careful);
    await page.getByRole("link", { name: "Start again" }).click();
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    await fillIn(page, careful);
    await expect(page).toHaveURL(/\/login\/code\?to=/);
    await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
    await expect(page).toHaveURL("/account/activity");
  });

  test("brings an administrator back to a list with its filters", async ({ page, site, person }) => {
    const admin = await makePerson(site, { role: "admin" });
    const asked = `/admin/sessions?state=outstanding&user=${encodeURIComponent(person.email)}&ip=127.0.0.0%2F8`;
    await page.goto(asked);
    await expect(page).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    await fillIn(page, admin);
    await expect(page).toHaveURL(asked);
    await expect(page.getByLabel("State")).toHaveValue("outstanding");
    await expect(page.getByLabel("Person (address or id)")).toHaveValue(person.email);
  });

  test("is not gone back from to the log-in's pages", async ({ page, careful }) => {
    await page.goto("/docs");
    await page.goto("/login");
    await fillIn(page, careful);
    await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
    await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    await page.goBack();
    await expect(page).toHaveURL("/docs");
  });

  test("ends on our own page whatever it holds", async ({ page, site, person }) => {
    await page.goto("/login");
    await fillIn(page, person);
    await expect(page.getByRole("heading", DEVICES)).toBeVisible();
    const wrong: string[] = [];
    for (const query of hostileQueries()) {
      const answer = await page.request.get(`/login?${query}`, { maxRedirects: 0 });
      const location = answer.headers().location ?? "";
      if (answer.status() !== 307 || location !== "/account/sessions") {
        wrong.push(`${query}: ${answer.status()} ${location}`);
      }
    }
    expect(wrong).toEqual([]);
    await page.goto("/login?next=//evil.example");
    await expect(page).toHaveURL(`${originOf(site)}/account/sessions`);
  });

  for (const next of ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"]) {
    test(`${next} ends on our own page after a log-in`, async ({ page, person }) => {
      await page.goto(`/login?next=${encodeURIComponent(next)}`);
      await fillIn(page, person);
      await expect(page.getByRole("heading", DEVICES)).toBeVisible();
      await expect(page).toHaveURL("/account/sessions");
    });
  }
});

/** Keeps the pages' scripts back. Returns what lets them pass. */
async function holdScripts(page: Page): Promise<() => void> {
  let letPass = () => {};
  const held = new Promise<void>((resolve) => {
    letPass = resolve;
  });
  await page.route("**/_next/static/**/*.js", async (route) => {
    await held;
    await route.continue();
  });
  return letPass;
}

const OWN_VALUES = [
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "https:evil.example",
  "https://evil.example",
  "https:/evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "%2F%2Fevil.example",
  "/%2F/evil.example",
  "/%5Cevil.example",
  "/api/me",
  "/api/logout",
  "/logout_token",
  "/account/../api/me",
  "/account/%2e%2e/api/me",
  "/account//evil.example",
  "/account/sessions?x=//evil.example",
  "/account/sessions?x=%2F%2Fevil.example",
  "/account/sessions?x=%5C%5Cevil.example",
  "/account/sessions?x=\\\\evil.example",
  "/account/sessions?x=%0d%0aset-cookie:a",
  "/account/sessions?x=%00",
  "/account/sessions?next=//evil.example",
  "/account/sessions?next=/admin",
  "/login?next=//evil.example",
  "/login?next=/login?next=//evil.example",
  "/api/me?x=1",
  "/account//",
  "/account/sessions#x",
  "/account@evil.example",
  "/account.evil.example",
  "/login",
  " /account",
  "/account\r\nset-cookie: a=b",
  "account/sessions",
  "",
];

/** Our own list, and the published ones where the machine has them; each as one value and as one of two. */
function hostileQueries(): string[] {
  const folder = join(import.meta.dirname, "../../../shared/vectors/redirect");
  const published = existsSync(folder)
    ? readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n"))
    : [];
  const values = [...new Set([...OWN_VALUES, ...published.filter(Boolean)])];
  return [
    ...values.map((value) => `next=${encodeURIComponent(value)}`),
    "next=/account&next=//evil.example",
    "next[]=//evil.example",
    "next=%00",
    "next=%ff%fe",
  ];
}
