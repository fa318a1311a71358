import type { APIRequestContext, BrowserContext, Page } from "@playwright/test";
import { inviteUser } from "@/lib/auth/registration/invite-user.ts";
import { test as base, expect, FRONT_END } from "../fixtures.ts";
import { makePerson, newAddress, type Person } from "../kit/people.ts";
import { keepCookies, keepSecretsOf, keepSentSecrets } from "../kit/secrets.ts";
import { type Server, startServer } from "../kit/server.ts";
import { ownOrigin } from "./own-origin.ts";

type TestFixtures = {
  /** Somebody without two-step log-in. */
  person: Person;
  /** Somebody whose log-in asks for a code. */
  careful: Person;
};
type WorkerFixtures = {
  /** One server for all tests of pages, under the very origin that its APP_URL names, as a browser needs it. */
  site: Server;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  site: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const site = await startServer({ ...(await ownOrigin()), CORS_ORIGINS: FRONT_END });
      await use(site);
      await site.stop();
    },
    { scope: "worker" },
  ],
  /** What people type, and what a browser is given, counts among the secrets that no log may show. */
  context: async ({ context }, use) => {
    context.on("request", (request) => keepSentSecrets(request.postData() ?? ""));
    context.on("response", async (response) => {
      keepCookies(await response.headerValues("set-cookie").catch(() => []));
    });
    await use(context);
  },
  baseURL: ({ site }, use) => use(originOf(site)),
  person: async ({ site }, use) => use(await makePerson(site)),
  careful: async ({ site }, use) => use(await makePerson(site, { twoFactorEmail: true })),
});
export { expect };

export const FIREFOX_ON_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
export const SAFARI_ON_IOS =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
export const CHROME_ON_MACOS =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36";

export function originOf({ variables }: Server): string {
  return variables.APP_URL ?? "";
}

/** Logs a context in without its pages, for tests of what comes after. */
export async function enterBrowser(
  context: BrowserContext,
  site: Server,
  { email, password }: Person,
): Promise<void> {
  const answer = await context.request.post(`${originOf(site)}/api/token`, {
    headers: { origin: originOf(site), "x-token-delivery": "cookie" },
    data: { email, password },
  });
  if (answer.status() !== 200) throw new Error(`no log-in: ${await answer.text()}`);
  const cookies = answer.headersArray().filter(({ name }) => name.toLowerCase() === "set-cookie");
  keepCookies(cookies.map(({ value }) => value));
}

/** Fills in the log-in page that is open. */
export async function fillIn(page: Page, { email, password }: Person): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
}

type Mail = { subject: string; text: string; html: string };

/** The mail to an address, newest first, as the local mailbox tells it. */
export async function mailTo(request: APIRequestContext, email: string): Promise<Mail[]> {
  const answer = await request.get("/api/dev/mailbox", { params: { to: email } });
  const { results } = await answer.json();
  keepSecretsOf(results);
  return results;
}

/** The newest code that was mailed to an address. */
export async function codeTo(request: APIRequestContext, email: string): Promise<string> {
  const codes = (await mailTo(request, email)).flatMap(({ text }) => text.match(/^\d{6}$/m) ?? []);
  if (codes[0] === undefined) throw new Error(`no code was mailed to ${email}`);
  return codes[0];
}

/** The newest link to a page of ours that was mailed to an address. */
export async function linkTo(request: APIRequestContext, email: string, path: string): Promise<string> {
  const lines = (await mailTo(request, email)).flatMap(({ text }) => text.split("\n"));
  const link = lines.find((line) => line.includes(`${path}?token=`));
  if (link === undefined) throw new Error(`no link was mailed to ${email}`);
  return link;
}

/** Asks for a link to a new password, on its page. */
export async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto("/forgot-password");
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("status")).toContainText("a link is on its way there");
}

/** Invites somebody new as an operator would, and returns their address. */
export async function invite(site: Server): Promise<string> {
  const app = await site.app();
  const email = newAddress();
  const device = { ip: null, userAgent: "" };
  const outcome = await inviteUser({ app, now: app.clock.now() }, null, { email, name: "Grace" }, device);
  expect(outcome.kind).toBe("invited");
  return email;
}

/** Six digits that are not `code`. */
export function wrongCode(code: string, offset = 1): string {
  return String((Number(code) + offset) % 1_000_000).padStart(6, "0");
}

/** Makes every log-in of a person too old for what asks them to confirm that it's them. */
export async function longAgo(site: Server, { id }: Person): Promise<void> {
  const { db } = await site.app();
  await db.$client`update sessions set authenticated_at = now() - interval '1 hour' where user_id = ${id}`;
}
