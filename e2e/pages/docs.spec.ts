import type { Page } from "@playwright/test";
import { tags } from "@/lib/reference/operations/operation.ts";
import { operations } from "@/lib/reference/operations/operations.ts";
import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./fixtures.ts";

const PARTS = Object.keys(tags).map((name) => ({ name, path: pathOf(name) }));
const PAGES = ["/docs", ...PARTS.map(({ path }) => path), "/docs/errors", "/docs/shapes"];

function pathOf(name: string): string {
  return `/docs/${name.toLowerCase().replaceAll(" ", "-")}`;
}

async function lookFor(page: Page, words: string): Promise<void> {
  await page.getByRole("searchbox", { name: "Search the calls" }).fill(words);
  await page.keyboard.press("Enter");
}

test("a reader without a log-in finds every call, how to make it and what it answers", async ({ page }) => {
  for (const { name, path } of PARTS) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    const shown = await page
      .getByRole("article")
      .evaluateAll((articles) => articles.map(({ id, textContent }) => ({ id, text: textContent })));
    const expected = operations.filter(({ tag }) => tag === name);
    expect(shown.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
    for (const { id, method, path: at, summary, successes, errors = [] } of expected) {
      const text = shown.find((article) => article.id === id)?.text;
      const answers = successes.map(({ status, says }) => `${status} ${says}`);
      for (const told of [summary, `${method.toUpperCase()}${at}`, "curl -s", ...answers, ...errors]) {
        expect(text).toContain(told);
      }
    }
  }
});

test("every link on its pages leads somewhere, and no two places of a page have one name", async ({
  page,
}) => {
  const links = new Set<string>();
  const places = new Set<string>();
  for (const path of PAGES) {
    await page.goto(path);
    const [targets, ids] = await page.evaluate(() => [
      [...document.querySelectorAll<HTMLAnchorElement>("main a, nav a")].map(({ href }) => href),
      [...document.querySelectorAll("[id]")].map(({ id }) => id),
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ["", ...ids]) places.add(new URL(`${path}${id && `#${id}`}`, page.url()).href);
    for (const target of targets.filter((each) => each.startsWith("http"))) links.add(target);
  }
  expect(links.size).toBeGreaterThan(50);
  expect([...links].filter((link) => !places.has(link))).toEqual([]);
});

test("a search finds a call by its path, a field or an error, and leads to it by keyboard", async ({
  page,
}) => {
  await page.goto("/docs");
  await lookFor(page, "trust_device");
  await expect(page).toHaveURL("/docs?search=trust_device");
  await expect(page.getByText("One call with all these words.")).toBeVisible();
  await page.getByRole("link", { name: /^Answer/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/docs\/two-step-log-in#answerChallenge$/);
  await expect(page.locator("#answerChallenge")).toBeInViewport();
  await lookFor(page, "no such thing");
  await expect(page.getByText("No call has all these words.")).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveValue("no such thing");
});

test("the list of its parts stays in sight and marks the present one", async ({ page }) => {
  await page.goto("/docs/admin");
  const present = page.getByRole("navigation", { name: "The API" }).getByRole("link", { name: "Admin" });
  await expect(present).toHaveAttribute("aria-current", "page");
  await page.getByRole("article").last().scrollIntoViewIfNeeded();
  await expect(present).toBeInViewport();
});

for (const path of [...PAGES, "/docs?search=token", "/docs?search=nothing+of+that"]) {
  test(`no line of ${path} is cut off at 320 px, and axe has nothing against it`, async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto(path);
    await expectAccessible(page);
    const cut = await page
      .locator("pre")
      .evaluateAll((samples) => samples.filter((each) => each.scrollWidth > each.clientWidth).length);
    expect(cut).toBe(0);
  });
}

test("it is read and searched without any script, and stays light", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? "" });
  const page = await context.newPage();
  await page.goto("/docs");
  await page.getByRole("link", { name: "Two-step log-in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Two-step log-in" })).toBeVisible();
  await lookFor(page, "jwks");
  await expect(page.getByRole("main").getByRole("link")).toHaveCount(1);
  for (const path of PAGES) {
    expect((await (await page.goto(path))?.body())?.length).toBeLessThan(300_000);
  }
  await context.close();
});

test("of a part that is not there is no page", async ({ page }) => {
  expect((await page.goto("/docs/no-such-part"))?.status()).toBe(404);
});

test("the place that security.txt names says whom to tell of a hole", async ({ page, request }) => {
  const text = await (await request.get("/.well-known/security.txt")).text();
  const [, policy = ""] = /^Policy: (.*)$/m.exec(text) ?? [];
  const [, contact = ""] = /^Contact: (.*)$/m.exec(text) ?? [];
  await page.goto(policy);
  await expect(page.getByRole("heading", { level: 2, name: "Security" })).toBeInViewport();
  await expect(page.locator(`a[href="${contact}"]`)).toBeVisible();
});
