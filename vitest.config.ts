import { defineConfig } from "vitest/config";

const NOT_OURS = ["**/node_modules/**", ".next/**"];
/** Where the tests are given a server of their own, the embedded one is not asked once more. */
const EMBEDDED = process.env.TEST_DATABASE_URL ? ["db/embedded.db.test.ts"] : [];
const alias = { "@": import.meta.dirname };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.{ts,tsx}"],
          exclude: [...NOT_OURS, "**/*.db.test.ts"],
        },
      },
      {
        resolve: { alias },
        test: {
          name: "db",
          include: ["**/*.db.test.ts"],
          exclude: [...NOT_OURS, ...EMBEDDED],
          globalSetup: "lib/testing/database-server.ts",
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
