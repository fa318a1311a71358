import { defineConfig } from "@playwright/test";
import endToEnd from "./playwright.config.ts";

/** What stands around Keyturn in a deployment; needs nginx, PgBouncer and PostgreSQL's own programs. */
export default defineConfig({
  ...endToEnd,
  testDir: "operations",
  testIgnore: ["failover.spec.ts", "chaos.spec.ts"],
  workers: 1,
  timeout: 180_000,
});
