import { defineConfig } from "@playwright/test";
import { chromiumLaunchOptions } from "./e2e/kit/chromium.ts";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  globalSetup: "./e2e/kit/global-setup.ts",
  workers: 2,
  timeout: 60_000,
  forbidOnly: true,
  reporter: "list",
  use: { launchOptions: await chromiumLaunchOptions() },
});
