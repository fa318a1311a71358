import type { Browser, Page } from "@playwright/test";
import type { Person } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import {
  CHROME_ON_MACOS,
  codeTo,
  enterBrowser,
  expect,
  FIREFOX_ON_LINUX,
  fillIn,
  SAFARI_ON_IOS,
  test,
} from "./fixtures.ts";

const LOGGED_IN = "Devices that are logged in";

/** A browser of its own in which a person is logged in, at their devices. */
async function enterDevices(
  browser: Browser,
  site: Server,
  person: Person,
  userAgent = CHROME_ON_MACOS,
): Promise<Page> {
  const context = await browser.newContext({ userAgent });
  await enterBrowser(context, site, person);
  const page = await context.newPage();
  await page.goto("/account/sessions");
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  return page;
}

function devices(page: Page) {
  return page.getByRole("region", { name: LOGGED_IN }).getByRole("listitem");
}

test.describe("two devices of one person", () => {
  let laptop: Page;
  let phone: Page;
  test.beforeEach(async ({ browser, site, person }) => {
    phone = await enterDevices(browser, site, person, SAFARI_ON_IOS);
    laptop = await enterDevices(browser, site, person);
  });
  test.afterEach(async () => {
    await phone.context().close();
    await laptop.context().close();
  });

  test("stand in the list, this one first and marked", async () => {
    await expect(devices(laptop)).toHaveCount(2);
    await expect(devices(laptop).first()).toContainText("Chrome on macOS");
    await expect(devices(laptop).first()).toContainText("This device");
    await expect(devices(laptop).last()).toContainText("Safari on iOS");
    await expect(devices(laptop).last()).not.toContainText("This device");
    await expect(devices(laptop).first()).toContainText("with password");
  });

  test("one logs the other out: it is gone at its next click, and told why", async () => {
    await laptop.getByRole("button", { name: "Log out Safari on iOS" }).click();
    const dialog = laptop.getByRole("alertdialog", { name: "Log out Safari on iOS?" });
    await expect(dialog).toContainText(/It was active .+ ago from .+ This can't be undone\./);
    await dialog.getByRole("button", { name: "Log out" }).click();
    await expect(dialog).toBeHidden();
    await expect(devices(laptop)).toHaveCount(1);
    await phone.reload();
    await expect(phone).toHaveURL(/\/login\?to=[0-9a-f-]{36}$/);
    await expect(phone.getByRole("status")).toHaveText(
      /^You logged this device out from Chrome on macOS, today \d\d:\d\d\.$/,
    );
    await laptop.reload();
    await expect(devices(laptop)).toHaveCount(1);
  });

  test("a click on a page that was left open tells the one that was logged out too", async () => {
    await laptop.getByRole("button", { name: "Log out Safari on iOS" }).click();
    await laptop.getByRole("alertdialog").getByRole("button", { name: "Log out" }).click();
    await expect(devices(laptop)).toHaveCount(1);
    await phone.getByRole("button", { name: "Log out everywhere" }).click();
    await phone.getByRole("alertdialog").getByRole("button", { name: "Log out everywhere" }).click();
    await expect(phone).toHaveURL(/\/login/);
    await expect(phone.getByRole("status")).toContainText("You logged this device out from Chrome on macOS");
    await laptop.reload();
    await expect(devices(laptop)).toHaveCount(1);
  });

  test("this one can be logged out on its card, and the other stays", async () => {
    await devices(laptop)
      .first()
      .getByRole("button", { name: "Log out this device, Chrome on macOS" })
      .click();
    const dialog = laptop.getByRole("alertdialog", { name: "Log out this device?" });
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    await dialog.getByRole("button", { name: "Log out" }).click();
    await expect(laptop).toHaveURL("/login");
    await expect(laptop.getByRole("status")).toHaveText("You logged out.");
    expect((await laptop.request.get("/api/me")).status()).toBe(401);
    await phone.reload();
    await expect(devices(phone)).toHaveCount(1);
  });

  test("the others can be logged out, and this one stays", async () => {
    await laptop.getByRole("button", { name: "Log out the other device" }).click();
    await laptop.getByRole("alertdialog").getByRole("button", { name: "Log out the other device" }).click();
    await expect(devices(laptop)).toHaveCount(1);
    await expect(laptop.getByRole("button", { name: "Log out the other device" })).toBeHidden();
    await phone.reload();
    await expect(phone).toHaveURL(/\/login/);
  });

  test("Log out everywhere says how many, and leaves this browser at the log-in with the reason", async () => {
    await laptop.getByRole("button", { name: "Log out everywhere" }).click();
    const dialog = laptop.getByRole("alertdialog", { name: "Log out everywhere?" });
    await expect(dialog).toContainText("all 2 devices, this one too");
    await dialog.getByRole("button", { name: "Log out everywhere" }).click();
    await expect(laptop).toHaveURL("/login");
    await expect(laptop.getByRole("status")).toContainText("You logged out everywhere");
    await phone.reload();
    await expect(phone.getByRole("status")).toContainText("You logged out everywhere from Chrome on macOS");
  });

  test("cancelling ends nothing", async () => {
    await laptop.getByRole("button", { name: "Log out everywhere" }).click();
    await laptop.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
    await expect(laptop.getByRole("alertdialog")).toBeHidden();
    await expect(laptop.getByRole("button", { name: "Log out everywhere" })).toBeFocused();
    await phone.reload();
    await expect(devices(phone)).toHaveCount(2);
  });

  test("can be given names, which both see, and lose them again", async () => {
    await laptop.getByRole("button", { name: "Name Safari on iOS" }).click();
    await laptop.getByLabel("Name of Safari on iOS").fill("Ada's phone");
    await laptop.getByRole("button", { name: "Save" }).click();
    await expect(laptop.getByRole("heading", { name: "Ada's phone" })).toBeVisible();
    await expect(laptop.getByRole("button", { name: "Rename Ada's phone" })).toBeFocused();
    await expect(devices(laptop).last()).toContainText("Safari on iOS");
    await phone.reload();
    await expect(devices(phone).first()).toContainText("Ada's phone");
    await phone.getByRole("button", { name: "Rename Ada's phone" }).click();
    await phone.getByLabel("Name of this device").fill("");
    await phone.getByRole("button", { name: "Save" }).click();
    await expect(phone.getByRole("heading", { name: "Safari on iOS" })).toBeVisible();
  });

  test("one logs the other out by keyboard alone", async () => {
    await laptop.getByRole("heading", { name: "Your devices" }).click();
    await tabTo(laptop, /^Log out Safari on iOS, /);
    await laptop.keyboard.press("Enter");
    await expect(laptop.getByRole("alertdialog")).toBeVisible();
    await laptop.keyboard.press("Escape");
    await expect(laptop.getByRole("alertdialog")).toBeHidden();
    await expect(laptop.getByRole("button", { name: "Log out Safari on iOS" })).toBeFocused();
    await laptop.keyboard.press("Enter");
    const dialog = laptop.getByRole("alertdialog");
    await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
    await laptop.keyboard.press("Tab");
    await expect(dialog.getByRole("button", { name: "Log out" })).toBeFocused();
    await laptop.keyboard.press("Enter");
    await expect(devices(laptop)).toHaveCount(1);
    await expect(laptop.getByRole("heading", { name: "Your devices" })).toBeFocused();
  });

  test("a name that is too long is told beside the field, whole, and not cut", async () => {
    const name = "x".repeat(65);
    await laptop.getByRole("button", { name: "Name Chrome on macOS" }).click();
    const field = laptop.getByLabel("Name of this device");
    await laptop.keyboard.type(name);
    await laptop.keyboard.press("Enter");
    await expect(field).toHaveAccessibleDescription("Ensure this field has no more than 64 characters.");
    await expect(field).toHaveValue(name);
    await expect(field).toBeFocused();
    await laptop.keyboard.press("Backspace");
    await laptop.keyboard.press("Enter");
    await expect(laptop.getByRole("heading", { name: "x".repeat(64) })).toBeVisible();
  });

  for (const way of ["Cancel", "Escape"]) {
    test(`${way} leaves a device its name, and the focus where it was`, async () => {
      const button = laptop.getByRole("button", { name: "Name Safari on iOS" });
      const field = laptop.getByLabel("Name of Safari on iOS");
      await button.click();
      await expect(field).toBeFocused();
      await laptop.keyboard.type("Ada's");
      if (way === "Cancel") await laptop.getByRole("button", { name: "Cancel" }).click();
      else await laptop.keyboard.press("Escape");
      await expect(button).toBeFocused();
      await laptop.keyboard.press("Enter");
      await expect(field).toHaveValue("");
    });
  }
});

test("the whole flow goes by keyboard alone", async ({ page, careful }) => {
  await page.goto("/login");
  await expect(page.getByRole("button", { name: "Log in" })).toBeEnabled();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("E-mail address")).toBeFocused();
  await page.keyboard.type(careful.email);
  await page.keyboard.press("Tab");
  await page.keyboard.type(careful.password);
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Code")).toBeFocused();
  await page.keyboard.type(await codeTo(page.request, careful.email));
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await tabTo(page, "Log out everywhere");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog").getByRole("button", { name: "Cancel" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
});

test("markup in a device's name and User-Agent shows as text", async ({ browser, site, person }) => {
  const markup = "<img src=x onerror=alert(1)>";
  const page = await enterDevices(browser, site, person, `${markup}/1.0 <script>alert(2)</script>`);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.getByRole("button", { name: /^Name / }).click();
  await page.getByLabel("Name of this device").fill(markup);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: markup })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: markup })).toBeVisible();
  await expect(page.getByRole("img")).toHaveCount(0);
  expect(dialogs).toEqual([]);
  await page.context().close();
});

test("a trusted device can be forgotten, and is asked for a code again", async ({ page, careful }) => {
  await page.goto("/login");
  await fillIn(page, careful);
  await page.getByLabel("Trust this device for 30 days").check();
  await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
  await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
  await expect(page.getByText("No device is trusted.")).toBeHidden();
  await expect(page.getByRole("link", { name: "Trusted devices (1)", exact: true })).toBeInViewport();
  await page.getByRole("button", { name: /^Forget this device, / }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Forget" }).click();
  await expect(page.getByText("No device is trusted.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Trusted devices", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await fillIn(page, careful);
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
});

test("of trusted devices each marks itself and no other", async ({ browser, careful }) => {
  const trust = async (userAgent: string) => {
    const context = await browser.newContext({ userAgent });
    const page = await context.newPage();
    await page.goto("/login");
    await fillIn(page, careful);
    await page.getByLabel("Trust this device for 30 days").check();
    await page.getByLabel("Code").fill(await codeTo(page.request, careful.email));
    await expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();
    return page;
  };
  const trusted = (page: Page) => page.getByRole("region", { name: "Trusted devices" });
  const [phone, laptop] = [await trust(SAFARI_ON_IOS), await trust(CHROME_ON_MACOS)];
  await phone.reload();
  for (const [page, here, there] of [
    [phone, "Safari on iOS", "Chrome on macOS"],
    [laptop, "Chrome on macOS", "Safari on iOS"],
  ] as const) {
    await expect(trusted(page).getByText("This device")).toHaveCount(1);
    await expect(trusted(page).getByRole("listitem").filter({ hasText: "This device" })).toContainText(here);
    await expect(trusted(page).getByRole("button", { name: `Forget this device, ${here}` })).toBeVisible();
    await expect(trusted(page).getByRole("button", { name: `Forget ${there}`, exact: true })).toBeVisible();
    await page.context().close();
  }
});

test("the back button shows nothing private after a log-out", async ({ page, person }) => {
  await page.goto("/login");
  await fillIn(page, person);
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
  await expect(page.getByText(person.email)).toHaveCount(0);
});

test("a person with a hundred devices has a page they can use", async ({ browser, site, person }) => {
  const page = await enterDevices(browser, site, person);
  const { db } = await site.app();
  await db.$client`
    insert into sessions (id, user_id, generation, rotated_at, created_at, authenticated_at, last_seen_at,
      idle_expires_at, expires_at, amr, ip, user_agent)
    select gen_random_uuid(), user_id, generation, rotated_at, created_at, authenticated_at, last_seen_at,
      idle_expires_at, expires_at, amr, ip, ${FIREFOX_ON_LINUX}
    from sessions, generate_series(1, 99) where user_id = ${person.id}`;
  await page.reload();
  await expect(devices(page)).toHaveCount(100);
  await expect(page.getByText("100 devices are logged in.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Log out the 99 others" })).toBeInViewport();
  const trusted = page.getByRole("region", { name: "Trusted devices" });
  await expect(trusted).not.toBeInViewport();
  await page.getByRole("link", { name: "Trusted devices", exact: true }).press("Enter");
  await expect(trusted).toBeInViewport();
  await expect(trusted).toBeFocused();
  await page.getByRole("button", { name: "Log out the 99 others" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Log out the 99 others" }).click();
  await expect(devices(page)).toHaveCount(1);
  await page.context().close();
});

/** Presses Tab until the button with this name has the focus. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole("button", { name, exact: true });
  await expect(async () => {
    await page.keyboard.press("Tab");
    await expect(button).toBeFocused({ timeout: 50 });
  }).toPass({ intervals: [0], timeout: 15_000 });
}
