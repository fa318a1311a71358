import { existsSync } from "node:fs";
import type { LaunchOptions } from "@playwright/test";

/** The one without a window first: the same engine, at half the processor time. */
const SYSTEM_BROWSERS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A browser that talks to nobody but the page under test. */
const QUIET = [
  "--disable-background-networking",
  "--disable-gpu",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

/**
 * The browser of the tests: the one CHROMIUM_PATH names (`bundled` for the one in node_modules), else the system's,
 * else the bundled one where it runs, else whatever Playwright has installed.
 */
export async function chromiumLaunchOptions(): Promise<LaunchOptions> {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = [...QUIET, ...sandbox];
  const wanted = process.env.CHROMIUM_PATH ?? SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (wanted && wanted !== "bundled") return { executablePath: wanted, args };
  return process.platform === "linux" && process.arch === "x64" ? bundled(args) : { args };
}

/** The browser that an npm package carries, with the libraries that a bare machine lacks. */
async function bundled(args: string[]): Promise<LaunchOptions> {
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs20.x";
  const { default: chromium } = await import("@sparticuz/chromium");
  return { executablePath: await chromium.executablePath(), args };
}
