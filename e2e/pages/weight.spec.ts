import type { Page } from "@playwright/test";
import { send } from "../kit/http.ts";
import { enterBrowser, expect, test } from "./fixtures.ts";

const KILOBYTE = 1000;

/** Opens a page and adds up what its scripts weighed on the wire, as the browser counted it. */
async function scriptBytes(page: Page, path: string): Promise<{ onWire: number; unpacked: number }> {
  await page.goto(path);
  await page.waitForLoadState("networkidle");
  return page.evaluate(() => {
    const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const scripts = loaded.filter(({ name }) => new URL(name).pathname.endsWith(".js"));
    return {
      onWire: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      unpacked: scripts.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
    };
  });
}

for (const [path, limit] of [
  ["/login", 150],
  ["/account/sessions", 180],
] as const) {
  test(`${path} ships at most ${limit} KB of scripts, compressed`, async ({ page, site, person }) => {
    if (path.startsWith("/account")) await enterBrowser(page.context(), site, person);
    const { onWire, unpacked } = await scriptBytes(page, path);
    await expect(page).toHaveURL(path);
    expect(onWire).toBeGreaterThan(10 * KILOBYTE);
    expect(onWire, "compressed").toBeLessThan(unpacked / 2);
    expect(onWire / KILOBYTE).toBeLessThanOrEqual(limit);
  });
}

test("scripts are packed for browsers that can read that, and said to be what they are", async ({
  page,
  site,
}) => {
  await page.goto("/login");
  const [script] = await page.evaluate(() =>
    [...document.scripts].map(({ src }) => src).filter((src) => src.endsWith(".js")),
  );
  const call = `GET ${new URL(script ?? "").pathname}`;
  const [packed, zipped, plain] = await Promise.all(
    ["gzip, deflate, br, zstd", "gzip, br;q=0", "identity"].map((encoding) =>
      send(site, call, { headers: { "accept-encoding": encoding } }),
    ),
  );
  expect(packed?.headers).toMatchObject({ "content-encoding": "br", vary: "Accept-Encoding" });
  expect(zipped?.headers["content-encoding"]).toBe("gzip");
  expect(plain?.headers).not.toHaveProperty("content-encoding");
  for (const answer of [packed, zipped, plain]) {
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        "content-type": "application/javascript; charset=UTF-8",
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
      },
    });
  }
  expect((await send(site, `${call}.map`)).status).toBe(404);
});

/** Less than half of what Web Vitals call good for a cumulative layout shift. */
const STILL = 0.04;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

test("the log-in page keeps still while it loads, is filled in wrongly and says so", async ({
  page,
  person,
}) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  const shifts = () => page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  await page.goto("/login");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByText("That address and password don't belong together.")).toBeVisible();
  const moved = await shifts();
  expect(sum(moved), "a page that arrives in two pieces is painted twice, and may settle once").toBeLessThan(
    STILL,
  );
  await page.evaluate(() => document.querySelector("main")?.prepend("Something late"));
  await expect.poll(async () => (await shifts()).length, "shifts are seen").toBeGreaterThan(moved.length);
});
