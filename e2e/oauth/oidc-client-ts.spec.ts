import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Page } from "@playwright/test";
import { addTo } from "../kit/applications.ts";
import { send } from "../kit/http.ts";
import { claimsOf, makePerson } from "../kit/people.ts";
import { startServer } from "../kit/server.ts";
import { fillIn, originOf } from "../pages/fixtures.ts";
import { freePort, ownOrigin } from "../pages/own-origin.ts";
import { expect, test } from "./fixtures.ts";

const installed = createRequire(import.meta.url).resolve("oidc-client-ts");
const LIBRARY = readFileSync(join(dirname(installed), "../browser/oidc-client-ts.min.js"));

/** A page with the library as it is published, and with its own settings but for where things are. */
const pageFor = (authority: string, client_id: string) => `<!doctype html>
<html lang="en">
<title>My shop</title>
<p id="who"></p>
<button id="log-in">Log in</button>
<button id="log-out">Log out</button>
<script src="/oidc-client-ts.min.js"></script>
<script type="module">
const here = location.origin + "/";
const manager = new oidc.UserManager({
  authority: ${JSON.stringify(authority)},
  client_id: ${JSON.stringify(client_id)},
  redirect_uri: here + "callback",
  post_logout_redirect_uri: here,
  scope: "openid profile email",
  accessTokenExpiringNotificationTimeInSeconds: 7,
});
window.manager = manager;
window.renewed = [];
window.faults = [];
manager.events.addUserLoaded((user) => window.renewed.push(user.refresh_token));
manager.events.addSilentRenewError((fault) => window.faults.push(String(fault)));
document.getElementById("log-in").onclick = () => manager.signinRedirect({ state: "the basket" });
document.getElementById("log-out").onclick = () => manager.signoutRedirect();
if (location.pathname === "/callback") {
  const user = await manager.signinRedirectCallback();
  history.replaceState(user.state, "", "/");
}
const user = await manager.getUser();
document.getElementById("who").textContent = user ? user.profile.email : "nobody";
</script>
</html>`;

/** Serves that page on an origin of its own. */
async function servePage(content: (origin: string) => Promise<string>) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const html = await content(origin);
  const server = createServer((request, answer) => {
    const script = request.url === "/oidc-client-ts.min.js";
    answer.setHeader("content-type", script ? "text/javascript" : "text/html");
    answer.end(script ? LIBRARY : html);
  });
  await new Promise<void>((resolve) => server.listen(port, "localhost", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { origin, stop };
}

type Manager = { getUser(): Promise<{ access_token: string; refresh_token: string } | null> };
const heldBy = (page: Page) =>
  page.evaluate(() => (window as unknown as { manager: Manager }).manager.getUser());

test("oidc-client-ts as it is published: log in, renew without being asked, reload, log out", async ({
  page,
}) => {
  const keyturn = await startServer({ ...(await ownOrigin()), ACCESS_TOKEN_LIFETIME: "10s" });
  const person = await makePerson(keyturn);
  const shop = await servePage(async (origin) => {
    const asked = { redirect_addresses: [`${origin}/callback`], logged_out_addresses: [`${origin}/`] };
    return pageFor(originOf(keyturn), (await addTo(keyturn, asked)).client_id);
  });
  try {
    await page.goto(shop.origin);
    await expect(page.locator("#who")).toHaveText("nobody");
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(/\/login\?to=/);
    await fillIn(page, person);
    await expect(page).toHaveURL(`${shop.origin}/`);
    await expect(page.locator("#who")).toHaveText(person.email);
    expect(await page.evaluate(() => history.state)).toBe("the basket");

    const first = await heldBy(page);
    await page.waitForFunction(() => (window as unknown as { renewed: string[] }).renewed.length >= 2);
    const renewed = await heldBy(page);
    expect(renewed?.refresh_token).not.toBe(first?.refresh_token);
    expect(claimsOf(renewed?.refresh_token ?? "").sid).toBe(claimsOf(first?.refresh_token ?? "").sid);
    await page.reload();
    await expect(page.locator("#who")).toHaveText(person.email);
    expect(await page.evaluate(() => (window as unknown as { faults: string[] }).faults)).toEqual([]);

    const held = await heldBy(page);
    await page.getByRole("button", { name: "Log out" }).click();
    await expect(page).toHaveURL(`${shop.origin}/`);
    await expect(page.locator("#who")).toHaveText("nobody");
    const over = await send(keyturn, "POST /api/token/refresh", {
      json: { refresh: held?.refresh_token ?? "" },
    });
    expect(over).toMatchObject({ status: 401, body: { reason: "logged_out" } });
    await page.getByRole("button", { name: "Log in" }).click();
    await expect(page).toHaveURL(/\/login\?to=/);
  } finally {
    await shop.stop();
    await keyturn.stop();
  }
});
