import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "./kit/chromium.ts";
import { withDataFolder } from "./kit/folder.ts";
import { send } from "./kit/http.ts";
import { makePerson, type Person } from "./kit/people.ts";
import { type Server, startServer } from "./kit/server.ts";
import { ownOrigin } from "./pages/own-origin.ts";

/** `npm run screenshots`: makes the pictures of the README from the app as it is. */
const folder = join(import.meta.dirname, "../docs/images");

const OTHER_DEVICES = [
  {
    userAgent:
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    ip: "198.51.100.23",
    name: "My phone",
    createdAgo: "9 days",
    seenAgo: "42 minutes",
  },
  {
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    ip: "203.0.113.7",
    name: null,
    createdAgo: "2 days",
    seenAgo: "1 day",
  },
];
const LAPTOP = {
  userAgent:
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
  ip: "203.0.113.7",
};

await mkdir(folder, { recursive: true });
await withDataFolder(async (DATA_FOLDER) => {
  const site = await startServer({ ...(await ownOrigin()), DATA_FOLDER, TRUSTED_PROXIES: "1" });
  const browser = await chromium.launch(await chromiumLaunchOptions());
  try {
    const person = await makePerson(site, { email: "ada@example.com" });
    for (const device of OTHER_DEVICES) await addDevice(site, person, device);
    const context = await browser.newContext({
      baseURL: site.variables.APP_URL ?? "",
      viewport: { width: 1280, height: 800 },
      colorScheme: "light",
      userAgent: LAPTOP.userAgent,
      extraHTTPHeaders: { "x-forwarded-for": LAPTOP.ip },
    });
    await take(context, person);
  } finally {
    await browser.close();
    await site.stop();
  }
});

async function take(context: BrowserContext, { email, password }: Person): Promise<void> {
  const page = await context.newPage();
  await page.goto("/login");
  await page.getByLabel("E-mail address").fill(email);
  await page.screenshot({ path: join(folder, "log-in.png"), caret: "hide" });
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Your devices" }).waitFor();
  await page.screenshot({ path: join(folder, "devices.png") });
}

/** A log-in from another device, moved back in time. */
async function addDevice(site: Server, { email, password }: Person, device: (typeof OTHER_DEVICES)[number]) {
  const headers = { "user-agent": device.userAgent, "x-forwarded-for": device.ip };
  const answer = await send(site, "POST /api/token", { json: { email, password }, headers });
  if (answer.status !== 200) throw new Error(answer.text);
  const { db } = await site.app();
  await db.$client`
    update sessions set name = ${device.name}, created_at = now() - ${device.createdAgo}::interval,
      last_seen_at = now() - ${device.seenAgo}::interval
    where user_agent = ${device.userAgent}`;
}
