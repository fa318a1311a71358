import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { send } from "../kit/http.ts";
import { makePerson, type Person } from "../kit/people.ts";
import { keepSecretsOf } from "../kit/secrets.ts";
import { type Server, startServer } from "../kit/server.ts";
import { test as base, expect, fillIn } from "../pages/fixtures.ts";
import { ownOrigin } from "../pages/own-origin.ts";

/** What access tokens are signed with; ID tokens are ES256 under both. */
export const ALGORITHMS = ["HS256", "ES256"] as const;
type Algorithm = (typeof ALGORITHMS)[number];

type TestFixtures = {
  /** Where an application gets its people back: a page on this machine, at a port of its own. */
  shop: string;
};
type WorkerFixtures = {
  /** A Keyturn under its own origin that signs so. */
  keyturnWith(algorithm: Algorithm): Promise<Server>;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  keyturnWith: [
    async ({ site }, use) => {
      let other: Promise<Server> | undefined;
      await use((algorithm) => {
        if (algorithm === "HS256") return Promise.resolve(site);
        other ??= startSigningServer();
        return other;
      });
      await (await other)?.stop();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
  shop: async ({}, use) => {
    const server = createServer((_, answer) => {
      answer.setHeader("content-type", "text/html");
      answer.end("<!doctype html><html lang='en'><title>My shop</title><h1>My shop</h1></html>");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});
export { expect };

async function startSigningServer(): Promise<Server> {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  const signing = { ALGORITHM: "ES256", SIGNING_KEY: pem.replaceAll("\n", "\\n") };
  return startServer({ ...(await ownOrigin()), ...signing });
}

/** Somebody of that Keyturn, who is asked for a code where `careful`. */
export async function personOf(server: Server, { careful = false } = {}): Promise<Person> {
  return makePerson(server, { twoFactorEmail: careful });
}

/** Logs in on the page that an application led to, with the mailed code where one is asked for. */
export async function logInThere(page: Page, server: Server, person: Person, careful = false): Promise<void> {
  await fillIn(page, person);
  if (!careful) return;
  await expect(page.getByRole("heading", { name: "Check your e-mail" })).toBeVisible();
  await page.getByLabel("Code").fill(await mailedCode(server, person));
}

async function mailedCode(server: Server, { email }: Person): Promise<string> {
  const mailbox = await send(server, `GET /api/dev/mailbox?to=${encodeURIComponent(email)}`);
  const { results } = mailbox.body as { results: { text: string }[] };
  keepSecretsOf(results);
  const code = results.flatMap(({ text }) => text.match(/^\d{6}$/m) ?? [])[0];
  if (code === undefined) throw new Error(`no code was mailed to ${email}`);
  return code;
}
