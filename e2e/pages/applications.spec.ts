import { authenticateClient } from "@/lib/auth/applications/authenticate-client.ts";
import { openFrom, someApplication } from "@/lib/testing/opened-applications.ts";
import { openSession } from "@/lib/testing/wire.ts";
import { makePerson, type Person } from "../kit/people.ts";
import { keepSecrets } from "../kit/secrets.ts";
import type { Server } from "../kit/server.ts";
import { expectAccessible } from "./accessible.ts";
import { enterBrowser, expect, longAgo, originOf, test } from "./fixtures.ts";

test.describe.configure({ mode: "parallel" });

const CALLBACK = "https://shop.example.com/callback";
const SECRET = /^[\w-]{43}$/;
const NOBODY = "11111111-1111-4111-8111-111111111111";

/** An application of that name, as an operator adds it. */
async function added(site: Server, name: string) {
  const application = await someApplication(await site.app(), name);
  keepSecrets(application.client_secret);
  return application;
}

/** A session of somebody new that was opened for an application, and whose it is. */
async function opened(site: Server, application: { client_id: string; name: string }) {
  const app = await site.app();
  const { id, email } = await makePerson(site);
  const user = await app.db.query.users.findFirst({ where: (users, { eq }) => eq(users.id, id) });
  if (!user) throw new Error("nobody was made");
  await openFrom(app, await openSession(app, user), application);
  return { email };
}

async function opens(site: Server, clientId: string, secret: string): Promise<boolean> {
  const app = await site.app();
  const known = await authenticateClient({ app, now: app.clock.now() }, { clientId, secret });
  return known.kind === "authenticated";
}

test.describe("admins", () => {
  let admin: Person;

  test.beforeEach(async ({ site, context }) => {
    admin = await makePerson(site, { role: "admin", name: "Ada Lovelace" });
    await enterBrowser(context, site, admin);
  });

  test("add an application and see once what its client needs", async ({ page, site }) => {
    await page.goto("/admin");
    await page
      .getByRole("link", { name: /^Applications/ })
      .last()
      .click();
    await page.getByRole("link", { name: "Add an application" }).click();
    await page.getByLabel("Name").fill("Corner shop");
    await page.getByLabel("Redirect addresses").fill(`${CALLBACK}\n  com.example.shop:/callback\n`);
    await page.getByLabel("Logged-out addresses").fill("https://shop.example.com/");
    await page.getByLabel("It can keep a secret").check();
    await page.getByRole("button", { name: "Add application" }).click();
    await expect(page.getByRole("heading", { name: "Corner shop was added" })).toBeFocused();
    const [issuer = "", id = "", secret = ""] = await page
      .getByRole("definition")
      .locator("code")
      .allTextContents();
    keepSecrets(secret);
    expect(issuer).toBe(originOf(site));
    expect(secret).toMatch(SECRET);
    expect(await opens(site, id, secret)).toBe(true);
    await page.getByRole("link", { name: "Go to its page" }).click();
    await expect(page.getByRole("heading", { name: "Corner shop" })).toBeVisible();
    for (const text of [id, CALLBACK, "com.example.shop:/callback", "https://shop.example.com/"])
      await expect(page.getByText(text, { exact: true })).toBeVisible();
    await page.reload();
    await expect(page.getByText("Confidential: it keeps a secret")).toBeVisible();
    expect(await page.content()).not.toContain(secret);
    await page.goto("/admin/events?type=application.added");
    const row = page.getByRole("row").filter({ hasText: id });
    await expect(row.getByRole("link", { name: admin.email })).toBeVisible();
  });

  test("add one that can keep no secret, and get none", async ({ page }) => {
    await page.goto("/admin/applications/new");
    await page.getByLabel("Name").fill("Phone app");
    await page.getByLabel("Redirect addresses").fill("com.example.phone:/callback");
    await page.getByRole("button", { name: "Add application" }).click();
    await expect(page.getByText("none: it is public")).toBeVisible();
    await page.getByRole("link", { name: "Go to its page" }).click();
    await expect(page.getByText("Public: it can keep no secret")).toBeVisible();
    await expect(page.getByRole("button", { name: "Make a new secret" })).toHaveCount(0);
  });

  test("add one that is told what happens, see what it was not told and why, and have it sent again", async ({
    page,
    site,
  }) => {
    await page.goto("/admin/applications/new");
    await page.getByLabel("Name").fill("Told shop");
    await page.getByLabel("Redirect addresses").fill(CALLBACK);
    const address = page.getByLabel("Webhook address");
    await address.fill("http://shop.example.com/webhook");
    await page.getByRole("button", { name: "Add application" }).click();
    await expect(address).toHaveAccessibleDescription(/Give an https:\/\/… address/);
    await address.fill("http://127.0.0.1:9/webhook");
    await page.getByRole("button", { name: "Add application" }).click();
    await expect(page.getByRole("heading", { name: "Told shop was added" })).toBeFocused();
    const shown = await page.getByRole("definition").locator("code").allTextContents();
    keepSecrets(shown.at(-1));
    expect(shown.at(-1)).toMatch(/^whsec_/);
    await page.getByRole("link", { name: "Go to its page" }).click();
    await expect(page.getByRole("heading", { name: "Not told yet" })).toBeVisible();

    await makePerson(site);
    await expect(async () => {
      await page.reload();
      await expect(page.getByText("its address is not a public one").first()).toBeVisible({ timeout: 500 });
    }).toPass();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Send again" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Send again" }).click();
    await expect(page.getByRole("alertdialog")).toHaveCount(0);
    await page.getByRole("button", { name: "Make a new webhook secret" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Make a new webhook secret" }).click();
    await expect(
      page.getByRole("heading", { name: "The webhook of Told shop has a new secret" }),
    ).toBeFocused();
    keepSecrets((await page.getByText(/^whsec_/).allTextContents()).at(-1));
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
    await expect(page).toHaveURL(/\/admin\/applications$/);
  });

  test("read beside each field what is wrong with it, and lose nothing that they typed", async ({ page }) => {
    await page.goto("/admin/applications/new");
    await page.getByRole("button", { name: "Add application" }).click();
    await expect(page.getByLabel("Name")).toHaveAccessibleDescription(/This field may not be blank\./);
    await expect(page.getByLabel("Name")).toBeFocused();
    const redirects = page.getByLabel("Redirect addresses");
    await expect(redirects).toHaveAccessibleDescription(/Give at least one address\./);
    await redirects.fill("http://shop.example.com/callback");
    await page.getByLabel("Name").fill("Corner shop");
    await page.getByLabel("Logged-out addresses").fill("com.example.shop:/bye");
    await page.getByRole("button", { name: "Add application" }).click();
    await expect(redirects).toHaveAccessibleDescription(/Give https:\/\/… addresses/);
    await expect(page.getByLabel("Logged-out addresses")).toHaveAccessibleDescription(/Give https:\/\/…/);
    await expect(redirects).toHaveValue("http://shop.example.com/callback");
  });

  test("confirm that it's them where they logged in long ago, and then it is added", async ({
    page,
    site,
  }) => {
    await longAgo(site, admin);
    await page.goto("/admin/applications/new");
    await page.getByLabel("Name").fill("Late shop");
    await page.getByLabel("Redirect addresses").fill(CALLBACK);
    await page.getByRole("button", { name: "Add application" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Confirm it's you" });
    await dialog.getByLabel("Password", { exact: true }).fill(admin.password);
    await dialog.getByRole("button", { name: "Confirm" }).click();
    await expect(page.getByRole("heading", { name: "Late shop was added" })).toBeVisible();
  });

  test("make a new secret, which is shown once, and the one before works for a day", async ({
    page,
    site,
  }) => {
    const { client_id: id, client_secret: first } = await added(site, "Renewed shop");
    await page.goto(`/admin/applications/${id}`);
    await page.getByRole("button", { name: "Make a new secret" }).click();
    const dialog = page.getByRole("alertdialog");
    await expect(dialog).toContainText("The one before works for a day more");
    await dialog.getByLabel("Reason (may be left empty)").fill("it leaked");
    await dialog.getByRole("button", { name: "Make a new secret" }).click();
    await expect(page.getByRole("heading", { name: "Renewed shop has a new secret" })).toBeFocused();
    const secret =
      (await page.getByRole("region", { name: "new secret" }).locator("code").last().textContent()) ?? "";
    keepSecrets(secret);
    expect(secret).toMatch(SECRET);
    for (const each of [first ?? "", secret]) expect(await opens(site, id, each)).toBe(true);
    await expect(page.getByText(/^works until .+ at \d\d:\d\d:\d\d$/)).toBeVisible();
    await page.reload();
    expect(await page.content()).not.toContain(secret);
    await page.goto("/admin/events?type=application.secret_replaced");
    await expect(page.getByRole("row").filter({ hasText: id }).getByText("why: it leaked")).toBeVisible();
  });

  test("remove one after reading how many sessions end, and those end", async ({ page, site }) => {
    const shop = await added(site, "Closing shop");
    const people = [await opened(site, shop), await opened(site, shop)];
    await expect(async () => {
      await page.goto(`/admin/applications/${shop.client_id}`);
      await expect(page.getByText("2 outstanding")).toBeVisible({ timeout: 1_000 });
    }, "what this process made is of the server's past a moment later").toPass();
    await page.getByRole("button", { name: "Remove" }).click();
    const dialog = page.getByRole("alertdialog", { name: "Remove Closing shop?" });
    await expect(dialog).toContainText("2 sessions of it end at once.");
    await dialog.getByRole("button", { name: "Remove" }).click();
    await expect(page).toHaveURL(/\/admin\/applications$/);
    await expect(page.getByRole("heading", { name: "Applications", exact: true })).toBeVisible();
    await expect(page.getByText("Closing shop")).toHaveCount(0);
    await page.goto(`/admin/sessions?user=${people[0]?.email}&reason=revoked_by_admin`);
    await expect(page.getByRole("cell").filter({ hasText: "logged out by an administrator" })).toHaveCount(1);
    const gone = await page.goto(`/admin/applications/${shop.client_id}`);
    expect(gone?.status()).toBe(404);
  });

  test("see whose each session is, filter by application and log all of one out", async ({ page, site }) => {
    const shop = await added(site, "Filtered shop");
    const { email } = await opened(site, shop);
    await page.goto(`/admin/sessions?user=${email}`);
    await expect(page.getByRole("row")).toHaveCount(3);
    await page.getByLabel("Application").selectOption("Filtered shop");
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await expect(page).toHaveURL(new RegExp(`application=${shop.client_id}`));
    await expect(page.getByRole("row")).toHaveCount(2);
    await expect(
      page.getByRole("cell", { name: "Firefox on Linux · Filtered shop 192.0.2.7" }),
    ).toBeVisible();
    await page.getByRole("button", { name: "Log out 1 session" }).click();
    await page.getByLabel("Reason").fill("closed for today");
    await page.getByRole("alertdialog").getByRole("button", { name: "Log out 1 session" }).click();
    await expect(page.getByText("1 session was logged out.")).toBeVisible();
    await page.goto(`/admin/sessions?user=${email}&state=outstanding`);
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.goto(`/admin/sessions?application=${NOBODY}`);
    await expect(page.getByLabel("Application")).toHaveValue(NOBODY);
    await expect(page.getByText("No session matches.")).toBeVisible();
  });
});

for (const width of [320, 1280]) {
  test.describe(`the pages ${width} px wide`, () => {
    test.use({ viewport: { width, height: 900 } });

    test("have nothing that axe finds and don't scroll sideways, however long a name or address is", async ({
      page,
      site,
      context,
    }) => {
      await enterBrowser(context, site, await makePerson(site, { role: "admin", name: "Ada Lovelace" }));
      const application = await added(site, "n".repeat(64));
      const { db } = await site.app();
      await db.$client`update applications set redirect_addresses = ${[CALLBACK, `https://shop.example.com/${"a".repeat(300)}`]}
        where id = ${application.client_id}`;
      await opened(site, application);
      const own = `/admin/applications/${application.client_id}`;
      for (const path of [
        "/admin",
        "/admin/applications",
        own,
        `/admin/sessions?application=${application.client_id}`,
      ]) {
        await page.goto(path);
        await expectAccessible(page);
      }
      await page.goto("/admin/applications");
      const table = page.getByRole("region", { name: "Applications" });
      expect(await table.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
      await page.goto(own);
      await page.getByRole("button", { name: "Remove" }).click();
      await expectAccessible(page, "[role=alertdialog]");
      await page.goto("/admin/applications/new");
      await page.getByRole("button", { name: "Add application" }).click();
      await expect(page.getByText("Give at least one address.")).toBeVisible();
      await expectAccessible(page);
      await page.getByLabel("Name").fill("n".repeat(64));
      await page.getByLabel("Redirect addresses").fill(`${CALLBACK}?${"a".repeat(300)}`);
      await page.getByLabel("It can keep a secret").check();
      await page.getByRole("button", { name: "Add application" }).click();
      await expect(page.getByRole("heading", { name: "was added" })).toBeVisible();
      keepSecrets(await page.getByRole("definition").locator("code").last().textContent());
      await expectAccessible(page);
    });
  });
}

test("for anybody else there are no such pages, and of an application that nobody knows there is none", async ({
  page,
  site,
  person,
  context,
}) => {
  const { client_id: id } = await added(site, "Hidden shop");
  const paths = ["/admin/applications", "/admin/applications/new", `/admin/applications/${id}`];
  await enterBrowser(context, site, person);
  for (const path of paths) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page, path).toHaveTitle("Not found · Keyturn");
  }
  await enterBrowser(context, site, await makePerson(site, { role: "admin" }));
  for (const unknown of [NOBODY, "x"]) {
    const answer = await page.goto(`/admin/applications/${unknown}`);
    expect(answer?.status(), unknown).toBe(404);
  }
});
