import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** What of a page depends on whether it is light or dark. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/**
 * Expects that axe finds nothing in an open page, or in part of it, in light and in dark, and that the page does not
 * scroll sideways.
 */
export async function expectAccessible(page: Page, part = "html"): Promise<void> {
  const check = () => new AxeBuilder({ page }).include(part).setLegacyMode();
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const light = await check().analyze();
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const dark = await check().withRules(COLOURS).analyze();
  const violations = [...light.violations, ...dark.violations];
  const found = violations.map(({ id, nodes }) => `${page.url()} ${id}: ${nodes.map(({ html }) => html)}`);
  expect(found).toEqual([]);
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(window ?? 0);
}
