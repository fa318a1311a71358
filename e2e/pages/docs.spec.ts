import { operations } from "@/lib/contract/api/operations.ts";
import { expect, test } from "./fixtures.ts";

test("a reader without a log-in finds every call, how to make it and what it answers", async ({ page }) => {
  await page.goto("/docs");
  await expect(page.getByRole("heading", { level: 1, name: "API" })).toBeVisible();
  const shown = await page
    .getByRole("article")
    .evaluateAll((articles) => articles.map(({ id, textContent }) => ({ id, text: textContent })));
  expect(shown.map(({ id }) => id).sort()).toEqual(operations.map(({ id }) => id).sort());
  for (const { id, method, path, summary, successes, errors = [] } of operations) {
    const text = shown.find((article) => article.id === id)?.text;
    const answers = successes.map(({ status, says }) => `${status} ${says}`);
    for (const told of [summary, `${method.toUpperCase()}${path}`, "curl -s", ...answers, ...errors]) {
      expect(text).toContain(told);
    }
  }
  const sample = page
    .getByRole("article", { name: "Log in" })
    .getByRole("group", { name: "Example: Log in" });
  await expect(sample.first()).toBeVisible();
});

test("every link on it leads somewhere, and no two places have one name", async ({ page }) => {
  await page.goto("/docs");
  const [targets, ids] = await page.evaluate(() => [
    [...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href")?.slice(1)),
    [...document.querySelectorAll("[id]")].map(({ id }) => id),
  ]);
  expect(targets?.length).toBeGreaterThan(20);
  expect(targets?.filter((target) => !ids?.includes(target ?? ""))).toEqual([]);
  expect(new Set(ids).size).toBe(ids?.length);
});

test("its contents lead to a section by keyboard, and its samples scroll by keyboard", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto("/docs");
  await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Devices" }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#devices$/);
  await expect(page.getByRole("heading", { level: 2, name: "Devices" })).toBeInViewport();
  const sample = page.getByRole("group", { name: "Step 1: Log in" });
  await sample.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => sample.evaluate(({ scrollLeft }) => scrollLeft)).toBeGreaterThan(0);
});

test("it is read without any script, and stays light", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? "" });
  const page = await context.newPage();
  const answer = await page.goto("/docs");
  expect((await answer?.body())?.length).toBeLessThan(1_000_000);
  await page.getByRole("link", { name: "Two-step log-in" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Two-step log-in" })).toBeInViewport();
  await context.close();
});

test("the place that security.txt names says whom to tell of a hole", async ({ page, request }) => {
  const text = await (await request.get("/.well-known/security.txt")).text();
  const [, policy = ""] = /^Policy: (.*)$/m.exec(text) ?? [];
  const [, contact = ""] = /^Contact: (.*)$/m.exec(text) ?? [];
  await page.goto(policy);
  await expect(page.getByRole("heading", { level: 2, name: "Security" })).toBeInViewport();
  await expect(page.locator(`a[href="${contact}"]`)).toBeVisible();
});
