import type { Page } from "@playwright/test";
import { totpApp } from "@/lib/testing/factors.ts";
import { expectAccessible } from "./accessible.ts";
import { enterBrowser, expect, fillIn, mailTo, test } from "./fixtures.ts";

type Manner = { verifies?: boolean; resident?: boolean };

/** Gives a page's browser an authenticator of its own, that says yes to everything. */
async function giveAuthenticator(page: Page, { verifies = true, resident = true }: Manner = {}) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable", { enableUI: false });
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: resident,
      hasUserVerification: verifies,
      isUserVerified: verifies,
      automaticPresenceSimulation: true,
    },
  });
}

/** Keeps a browser from offering passkeys by itself, which an authenticator that says yes to everything would take up. */
async function withoutAutofill(page: Page) {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
}

const passkeysOf = (page: Page) => page.getByRole("region", { name: "Passkeys" });
const news = (page: Page) => page.getByRole("status").filter({ hasText: /ready|removed|set up|made/ });

/** Adds a passkey at the security page of whoever is logged in. */
async function addPasskey(page: Page) {
  await page.goto("/account/security");
  await page.getByRole("button", { name: /^Add a(nother)? passkey$/ }).click();
  await expect(news(page)).toHaveText("Your passkey is ready.");
}

async function logOut(page: Page) {
  await leave(page);
  await page.goto("/login");
}

async function leave(page: Page) {
  const { origin } = new URL(page.url());
  const answer = await page.request.post("/api/logout", { headers: { origin } });
  expect(answer.status()).toBe(200);
}

const isIn = (page: Page) => expect(page.getByRole("heading", { name: "Your devices" })).toBeVisible();

test("a passkey is added, brings recovery codes, and logs in alone", async ({ page, site, person }) => {
  await withoutAutofill(page);
  await giveAuthenticator(page);
  await enterBrowser(page.context(), site, person);
  await addPasskey(page);
  await expect(passkeysOf(page).getByRole("listitem")).toHaveCount(1);
  const codes = page.getByRole("region", { name: "Put these codes away now" });
  await expect(codes.getByRole("listitem")).toHaveCount(10);
  await expect(codes.getByRole("listitem").first()).toHaveText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  const saved = page.waitForEvent("download");
  await codes.getByRole("button", { name: "Download" }).click();
  expect((await saved).suggestedFilename()).toBe("recovery-codes.txt");
  await codes.getByRole("button", { name: "I have put them away" }).click();
  await expect(codes).toBeHidden();
  expect((await mailTo(page.request, person.email))[0]?.subject).toBe("A passkey was added");

  await logOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await isIn(page);
  await page.goto("/account/sessions");
  await expect(page.getByText("with passkey")).toHaveCount(1);
});

test("a passkey is offered in the address field, by the browser itself", async ({ page, site, person }) => {
  await giveAuthenticator(page);
  await enterBrowser(page.context(), site, person);
  await addPasskey(page);
  await leave(page);
  await page.goto("/login");
  await isIn(page);
});

test("a passkey is the second step after the password, and a recovery code is another way", async ({
  page,
  site,
  person,
}) => {
  await withoutAutofill(page);
  await giveAuthenticator(page, { verifies: false });
  await enterBrowser(page.context(), site, person);
  await addPasskey(page);
  const [code = ""] = await page
    .getByRole("region", { name: "Put these codes away now" })
    .getByRole("listitem")
    .allTextContents();
  await logOut(page);
  await fillIn(page, person);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await isIn(page);

  await logOut(page);
  await fillIn(page, person);
  await page.getByRole("button", { name: "Recovery code" }).click();
  await page.getByLabel("Recovery code").fill(code.toLowerCase().replaceAll("-", ""));
  await isIn(page);
  await page.goto("/account/security");
  await expect(page.getByText("9 codes are left")).toBeVisible();
});

test("an authenticator that doesn't make sure of its owner opens nothing alone", async ({
  page,
  site,
  person,
}) => {
  await withoutAutofill(page);
  await giveAuthenticator(page, { verifies: false });
  await enterBrowser(page.context(), site, person);
  await addPasskey(page);
  await logOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText("No passkey was used. Try again, or log in with your password.")).toBeVisible();
});

test("a removed passkey opens nothing, and is removed only with a strong factor", async ({
  page,
  site,
  person,
}) => {
  await withoutAutofill(page);
  await giveAuthenticator(page);
  await enterBrowser(page.context(), site, person);
  await addPasskey(page);
  await logOut(page);
  await fillIn(page, person);
  await page.getByRole("button", { name: "Use your passkey" }).click();
  await isIn(page);
  await page.goto("/account/security");
  await passkeysOf(page)
    .getByRole("button", { name: /^Remove the passkey/ })
    .click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await expect(news(page)).toHaveText("That passkey is removed.");
  await expect(passkeysOf(page).getByRole("listitem")).toHaveCount(0);
  await logOut(page);
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(page.getByText(/^(That passkey doesn't open|No passkey was used)/)).toBeVisible();
});

test("a passkey is named", async ({ page, site, person }) => {
  await giveAuthenticator(page);
  await enterBrowser(page.context(), site, person);
  await addPasskey(page);
  await passkeysOf(page)
    .getByRole("button", { name: /^Rename/ })
    .click();
  await passkeysOf(page)
    .getByLabel(/^Name of/)
    .fill("Blue key");
  await passkeysOf(page).getByRole("button", { name: "Save" }).click();
  await expect(passkeysOf(page).getByRole("heading", { name: "Blue key" })).toBeVisible();
});

test("an authenticator app is set up by its QR code or key, asked at the log-in, and at a delicate act", async ({
  page,
  site,
  person,
}) => {
  const app = await site.app();
  await withoutAutofill(page);
  await giveAuthenticator(page);
  await enterBrowser(page.context(), site, person);
  await app.db.$client`update users set two_factor_email = true where id = ${person.id}`;
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Set up an app" }).click();
  await expect(page.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
  await expectAccessible(page);
  const key = await page.locator("p.font-mono").innerText();
  const totp = totpApp(key.replaceAll(" ", ""));
  await page.getByLabel("Code from the app").fill("000000");
  await page.getByRole("button", { name: "Turn it on" }).click();
  await expect(page.getByText(/not the code that the app shows now/)).toBeVisible();
  await page.getByLabel("Code from the app").fill(totp.codeAt(app.clock.now()));
  await page.getByRole("button", { name: "Turn it on" }).click();
  await expect(news(page)).toHaveText(/authenticator app is set up/);
  await expectAccessible(page);

  await logOut(page);
  await fillIn(page, person);
  await expect(page.getByRole("heading", { name: "One more step" })).toBeVisible();
  await app.db.$client`update totp_secrets set last_step = last_step - 10 where user_id = ${person.id}`;
  await page.getByLabel("Code", { exact: true }).fill(totp.codeAt(app.clock.now()));
  await isIn(page);

  await app.db.$client`update totp_secrets set last_step = last_step - 10 where user_id = ${person.id}`;
  await app.db
    .$client`update sessions set authenticated_at = authenticated_at - interval '1 hour' where user_id = ${person.id}`;
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Remove the authenticator app" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Confirm it's you" });
  await dialog.getByLabel("Code", { exact: true }).fill(totp.codeAt(app.clock.now()));
  await expect(news(page)).toHaveText("The authenticator app is removed.");
});

test("whoever logs in by a mailed code is invited to add a passkey, until they say no", async ({
  page,
  site,
  person,
}) => {
  await enterBrowser(page.context(), site, person);
  const app = await site.app();
  await app.db.$client`update sessions set amr = '{pwd,email}' where user_id = ${person.id}`;
  await page.goto("/account/sessions");
  const invitation = page.getByRole("region", { name: "Log in without waiting for a mail" });
  await expect(invitation.getByRole("link", { name: "Add a passkey" })).toBeVisible();
  await invitation.getByRole("button", { name: "Not now" }).click();
  await expect(invitation).toBeHidden();
  await page.reload();
  await isIn(page);
  await expect(invitation).toBeHidden();
});
