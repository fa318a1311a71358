import { defineConfig } from "@playwright/test";
import operations from "./operations.config.ts";

/** What breaks under load: a failover, which needs pg_auto_failover besides, and mishaps by chance. */
export default defineConfig({
  ...operations,
  testIgnore: [],
  testMatch: ["failover.spec.ts", "chaos.spec.ts"],
});
