import { test as base } from "@playwright/test";
import { withDataFolder } from "./kit/folder.ts";
import { type Server, startServer } from "./kit/server.ts";

/** Front ends that the shared server lets read its answers. */
export const FRONT_END = "https://app.example.com";
const OTHER_FRONT_END = "https://admin.example.com:8443";

type TestFixtures = {
  /** An empty folder for an embedded database, gone after the test and the servers it started. */
  dataFolder: string;
  /** Starts further servers, which end with the test. */
  startServer: typeof startServer;
};
type WorkerFixtures = {
  /** One server that most tests share; each makes its own people. */
  server: Server;
  /** Both ways to the same handlers, on one database: the API lane of `npm start`, and Next alone. */
  lanes: { api: Server; next: Server };
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    async ({}, use) => {
      const server = await startServer({ CORS_ORIGINS: `${FRONT_END},${OTHER_FRONT_END}` });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  lanes: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const settings = { CORS_ORIGINS: FRONT_END, TRUSTED_PROXIES: "1" };
      const api = await startServer(settings);
      const next = await startServer(api.variables, "next");
      await use({ api, next });
      await next.stop();
      await api.stop();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  dataFolder: ({}, use) => withDataFolder(use),
  startServer: async ({ dataFolder: _outlivesServers }, use) => {
    const started: Server[] = [];
    await use(async (...args) => {
      const server = await startServer(...args);
      started.push(server);
      return server;
    });
    for (const server of started) await server.stop();
  },
});
export { expect } from "@playwright/test";
