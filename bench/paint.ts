import { type Browser, chromium } from "@playwright/test";
import { chromiumLaunchOptions } from "../e2e/kit/chromium.ts";
import { type Findings, factRow, milliseconds } from "./kit/report.ts";
import { median } from "./kit/statistics.ts";
import { withWorld } from "./kit/world.ts";

const ROUNDS = 9;
const LIMIT_MS = 1_000;

/** How a page came up in a browser that had never been there. */
type Painted = { largestPaintMs: number; shift: number; scriptBytes: number };

/**
 * What somebody waits for who opens `/login` for the first time, each round in a browser context of its own: until the
 * largest paint, whether anything moved after it was there, and what the scripts weighed on the wire.
 */
export function measurePaint(): Promise<Findings> {
  return withWorld(async ({ port }) => {
    const browser = await chromium.launch(await chromiumLaunchOptions());
    try {
      const rounds: Painted[] = [];
      const url = `http://127.0.0.1:${port}/login`;
      await open(browser, url);
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await open(browser, url));
      return toFindings(rounds, browser.version());
    } finally {
      await browser.close();
    }
  });
}

async function open(browser: Browser, url: string): Promise<Painted> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(() => {
    const seen = { largestPaintMs: 0, shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) seen.largestPaintMs = startTime;
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(url, { waitUntil: "networkidle" });
  const painted = await page.evaluate(() => {
    const loaded = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    const scripts = loaded.filter(({ name }) => new URL(name).pathname.endsWith(".js"));
    const { seen } = window as unknown as { seen: { largestPaintMs: number; shift: number } };
    return { ...seen, scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) };
  });
  await context.close();
  return painted;
}

function toFindings(rounds: Painted[], version: string): Findings {
  const paint = median(rounds.map(({ largestPaintMs }) => largestPaintMs));
  const slowest = Math.max(...rounds.map(({ largestPaintMs }) => largestPaintMs));
  const shift = Math.max(...rounds.map((round) => round.shift));
  const bytes = median(rounds.map(({ scriptBytes }) => scriptBytes));
  if (paint === 0 || bytes === 0) throw new Error("the browser reported no paint or no scripts");
  return {
    rows: [
      factRow("/login, largest paint", milliseconds(paint), `< ${LIMIT_MS} ms`, paint < LIMIT_MS),
      factRow("/login, largest paint, slowest round", milliseconds(slowest)),
      factRow("/login, layout shift", String(shift), "0", shift === 0),
      factRow("/login, scripts on the wire", `${(bytes / 1000).toFixed(0)} KB`, "≤ 150 KB", bytes <= 150_000),
    ],
    notes: [`/login was opened ${ROUNDS} times in Chromium ${version}, each time with nothing kept.`],
  };
}
