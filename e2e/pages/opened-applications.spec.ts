import type { Browser, Page } from "@playwright/test";
import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { randomToken, sha256 } from "@/lib/base/crypto.ts";
import { send } from "../kit/http.ts";
import type { Person } from "../kit/people.ts";
import { keepSecrets } from "../kit/secrets.ts";
import type { Server } from "../kit/server.ts";
import { expectAccessible } from "./accessible.ts";
import {
  CHROME_ON_MACOS,
  enterBrowser,
  expect,
  FIREFOX_ON_LINUX,
  originOf,
  SAFARI_ON_IOS,
  test,
} from "./fixtures.ts";

const CALLBACK = "https://shop.example.com/callback";

type Opened = { client_id: string; refresh_token: string };

/** A public application, by its `client_id`. */
async function addShop(site: Server, name: string): Promise<string> {
  const app = await site.app();
  const asked = { name, redirect_addresses: [CALLBACK] };
  return (await addApplication({ app, now: app.clock.now() }, asked)).client_id;
}

/** Sends a browser to be logged in to an application, and redeems the code that it is sent back with. */
async function open(page: Page, site: Server, clientId: string): Promise<Opened> {
  const verifier = randomToken(32);
  const asked = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: "openid email",
    state: "here",
    code_challenge: sha256(verifier).toString("base64url"),
    code_challenge_method: "S256",
  });
  const led = await page.context().request.get(`${originOf(site)}/oauth/authorize?${asked}`, {
    maxRedirects: 0,
  });
  const { searchParams } = new URL(led.headers().location ?? "none:");
  const code = searchParams.get("code") ?? "";
  keepSecrets(code, verifier);
  const form = {
    grant_type: "authorization_code",
    client_id: clientId,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
  };
  const answer = await send(site, "POST /oauth/token", { form });
  expect(answer.status, answer.text).toBe(200);
  return { ...(answer.body as Opened), client_id: clientId };
}

/** What an application is told when it asks for its next tokens. */
async function goOn(site: Server, { client_id, refresh_token }: Opened) {
  const form = { grant_type: "refresh_token", client_id, refresh_token };
  const { status, body } = await send(site, "POST /oauth/token", { form });
  return status === 200 ? "goes on" : (body as { error: string }).error;
}

/** A browser in which a person is logged in. */
async function logIn(browser: Browser, site: Server, person: Person, userAgent: string): Promise<Page> {
  const context = await browser.newContext({ userAgent });
  await enterBrowser(context, site, person);
  return context.newPage();
}

function applications(page: Page, browserName: string) {
  return page.getByRole("list", { name: `Applications opened from ${browserName}` }).getByRole("listitem");
}

test.describe("applications that were opened from two browsers of one person", () => {
  let laptop: Page;
  let phone: Page;
  let shop: Opened;
  let admin: Opened;
  let shopOnPhone: Opened;

  test.beforeEach(async ({ browser, site, person }) => {
    laptop = await logIn(browser, site, person, CHROME_ON_MACOS);
    phone = await logIn(browser, site, person, SAFARI_ON_IOS);
    const [shopId, adminId] = [await addShop(site, "My shop"), await addShop(site, "Admin")];
    admin = await open(laptop, site, adminId);
    shop = await open(laptop, site, shopId);
    shopOnPhone = await open(phone, site, shopId);
    await laptop.goto("/account/sessions");
    await phone.goto("/account/sessions");
  });
  test.afterEach(async () => {
    await laptop.context().close();
    await phone.context().close();
  });

  test("stand below the browser they came from", async () => {
    await expect(laptop.getByText("2 devices and 3 applications are logged in.")).toBeVisible();
    const names = (item: ReturnType<typeof applications>) => item.getByRole("heading");
    await expect(names(applications(laptop, "this device"))).toHaveText(["My shop", "Admin"]);
    await expect(names(applications(laptop, "Safari on iOS"))).toHaveText(["My shop"]);
    await expect(names(applications(phone, "Chrome on macOS"))).toHaveText(["My shop", "Admin"]);
    await expect(laptop.getByRole("heading", { level: 2, name: "My shop" })).toHaveCount(0);
    await laptop.goto("/account/activity");
    await expect(laptop.getByText("My shop was opened from Chrome on macOS")).toBeVisible();
  });

  test("can be logged out alone, by keyboard too: the browser and what else came from it stay", async ({
    site,
  }) => {
    await laptop.getByRole("button", { name: /^Log out My shop on this device, / }).focus();
    await laptop.keyboard.press("Enter");
    const dialog = laptop.getByRole("alertdialog", { name: "Log out My shop?" });
    await expect(dialog).toContainText("This device stays logged in.");
    await laptop.keyboard.press("Tab");
    await laptop.keyboard.press("Enter");
    await expect(applications(laptop, "this device")).toHaveCount(1);
    await expect(laptop.getByRole("heading", { name: "Your devices" })).toBeFocused();
    await expect(applications(laptop, "Safari on iOS")).toHaveCount(1);
    expect(await goOn(site, shop)).toBe("invalid_grant");
    expect(await goOn(site, admin)).toBe("goes on");
    expect(await goOn(site, shopOnPhone)).toBe("goes on");
    await laptop.goto("/account/activity");
    await expect(laptop.getByText("You logged My shop out, from Chrome on macOS")).toBeVisible();
  });

  test("go with their browser when another logs it out, which is said before", async ({ site }) => {
    await phone.getByRole("button", { name: /^Log out Chrome on macOS, / }).click();
    const dialog = phone.getByRole("alertdialog", { name: "Log out Chrome on macOS?" });
    await expect(dialog).toContainText("What was opened from it is logged out too: My shop and Admin.");
    await dialog.getByRole("button", { name: "Log out" }).click();
    await expect(phone.getByText("This device and an application are logged in.")).toBeVisible();
    expect(await goOn(site, shop)).toBe("invalid_grant");
    expect(await goOn(site, admin)).toBe("invalid_grant");
    expect(await goOn(site, shopOnPhone)).toBe("goes on");
    await laptop.reload();
    await expect(laptop).toHaveURL(/\/login/);
    await phone.goto("/account/activity");
    await expect(
      phone.getByText("You logged Chrome on macOS and 2 applications out, from Safari on iOS"),
    ).toBeVisible();
  });

  test("go with this browser when it logs itself out", async ({ site }) => {
    await laptop.getByRole("button", { name: "Log out this device, Chrome on macOS" }).click();
    const dialog = laptop.getByRole("alertdialog", { name: "Log out this device?" });
    await expect(dialog).toContainText("What was opened from it is logged out too: My shop and Admin.");
    await dialog.getByRole("button", { name: "Log out" }).click();
    await expect(laptop).toHaveURL("/login");
    expect(await goOn(site, shop)).toBe("invalid_grant");
    expect(await goOn(site, shopOnPhone)).toBe("goes on");
  });

  test("outlive a browser whose time ran out, on a card of their own", async ({ site, person }) => {
    const { db } = await site.app();
    await db.$client`update sessions set idle_expires_at = now() where user_id = ${person.id}
      and opened_by is null and user_agent = ${CHROME_ON_MACOS}`;
    await phone.reload();
    await expect(phone.getByRole("heading", { level: 2, name: "Admin" })).toBeVisible();
    const region = phone.getByRole("region", { name: "Devices that are logged in" });
    const card = region.getByRole("listitem").filter({ has: phone.getByRole("heading", { name: "Admin" }) });
    await expect(card).toContainText("Chrome on macOS");
    await card.getByRole("button", { name: /^Log out Admin on Chrome on macOS, / }).click();
    await phone.getByRole("alertdialog").getByRole("button", { name: "Log out" }).click();
    await expect(phone.getByRole("heading", { name: "Admin" })).toHaveCount(0);
    expect(await goOn(site, admin)).toBe("invalid_grant");
  });

  test("are told apart by every button, and are there for everybody, in a narrow window and a wide one", async ({
    browser,
    site,
    person,
  }) => {
    const other = await logIn(browser, site, person, FIREFOX_ON_LINUX);
    await open(other, site, admin.client_id);
    await open(
      other,
      site,
      await addShop(site, "A very long name of an application, sixty-four letters it is"),
    );
    await other.context().close();
    for (const width of [320, 1280]) {
      await laptop.setViewportSize({ width, height: 900 });
      await laptop.reload();
      await expect(applications(laptop, "Firefox on Linux")).toHaveCount(2);
      const names = await laptop
        .getByRole("region", { name: "Devices that are logged in" })
        .getByRole("button", { name: /^Log out .+, / })
        .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label")));
      expect(names).toHaveLength(8);
      expect(new Set(names).size).toBe(8);
      await expectAccessible(laptop);
    }
  });
});
