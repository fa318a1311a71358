import type { Page } from "@playwright/test";
import * as client from "openid-client";
import { addTo } from "../kit/applications.ts";
import { originOf } from "../pages/fixtures.ts";
import { ALGORITHMS, expect, logInThere, personOf, test } from "./fixtures.ts";

const WAYS = {
  client_secret_basic: client.ClientSecretBasic,
  client_secret_post: client.ClientSecretPost,
  none: () => client.None(),
};
type Way = keyof typeof WAYS;

type Begun = { url: URL; checks: client.AuthorizationCodeGrantChecks };

/** A request for a log-in as the library's own example writes it. */
async function begin(config: client.Configuration, shop: string, more = {}): Promise<Begun> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${shop}/callback`,
    scope: "openid profile email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...more,
  });
  const checks = { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  return { url, checks };
}

/** What the browser came back with is exchanged, and every check of the library holds. */
async function finish(page: Page, config: client.Configuration, shop: string, { checks }: Begun) {
  await page.waitForURL(`${shop}/callback?**`);
  return client.authorizationCodeGrant(config, new URL(page.url()), checks);
}

for (const algorithm of ALGORITHMS) {
  for (const way of Object.keys(WAYS) as Way[]) {
    const careful = way !== "client_secret_basic";
    const asked = careful ? "with password and mailed code" : "with a password";
    test(`openid-client, ${way}, ${algorithm}: a person logs in ${asked} and out again`, async ({
      page,
      shop,
      keyturnWith,
    }) => {
      const keyturn = await keyturnWith(algorithm);
      const confidential = way !== "none";
      const application = await addTo(keyturn, {
        redirect_addresses: ["http://127.0.0.1/callback"],
        logged_out_addresses: [`${shop}/goodbye`],
        confidential,
      });
      const person = await personOf(keyturn, { careful });
      const config = await client.discovery(
        new URL(originOf(keyturn)),
        application.client_id,
        undefined,
        WAYS[way](application.secret),
        { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
      );

      const first = await begin(config, shop, { login_hint: person.email });
      await page.goto(first.url.href);
      await expect(page.getByText("My shop")).toBeVisible();
      await logInThere(page, keyturn, person, careful);
      const tokens = await finish(page, config, shop, first);
      expect(tokens.expires_in).toBe(1_800);
      expect(tokens.claims()).toMatchObject({
        iss: originOf(keyturn),
        aud: application.client_id,
        sub: person.id,
        email: person.email,
        email_verified: true,
        name: "",
        amr: careful ? ["pwd", "email"] : ["pwd"],
      });

      const known = await client.fetchUserInfo(config, tokens.access_token, person.id);
      expect(known).toEqual({ sub: person.id, email: person.email, email_verified: true, name: "" });

      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
      expect(refreshed.claims()?.sub).toBe(person.id);

      const asking = client.tokenIntrospection(config, refreshed.access_token);
      if (confidential)
        expect(await asking).toMatchObject({
          active: true,
          sub: person.id,
          client_id: application.client_id,
          scope: "openid profile email offline_access",
        });
      else await expect(asking).rejects.toMatchObject({ status: 401 });

      await client.tokenRevocation(config, refreshed.refresh_token ?? "");
      const revoked = client.refreshTokenGrant(config, refreshed.refresh_token ?? "");
      await expect(revoked).rejects.toMatchObject({ error: "invalid_grant" });
      await expect(client.fetchUserInfo(config, refreshed.access_token, person.id)).rejects.toThrow();

      const second = await begin(config, shop);
      await page.goto(second.url.href);
      const again = await finish(page, config, shop, second);
      const goodbye = client.buildEndSessionUrl(config, {
        id_token_hint: again.id_token ?? "",
        post_logout_redirect_uri: `${shop}/goodbye`,
        state: "until soon",
      });
      await page.goto(goodbye.href);
      await expect(page).toHaveURL(`${shop}/goodbye?state=until+soon`);
      const over = client.refreshTokenGrant(config, again.refresh_token ?? "");
      await expect(over).rejects.toMatchObject({ error: "invalid_grant" });
      if (confidential)
        expect(await client.tokenIntrospection(config, again.access_token)).toEqual({ active: false });

      await page.goto((await begin(config, shop)).url.href);
      await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    });
  }
}

test("openid-client is told that nobody is logged in where it asks without bothering anybody", async ({
  page,
  shop,
  site,
}) => {
  const { client_id } = await addTo(site, { redirect_addresses: [`${shop}/callback`] });
  const config = await client.discovery(new URL(originOf(site)), client_id, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  const silent = await begin(config, shop, { prompt: "none" });
  await page.goto(silent.url.href);
  await expect(finish(page, config, shop, silent)).rejects.toMatchObject({ error: "login_required" });
});

test("openid-client has a person prove themselves anew, and sees it in auth_time", async ({
  page,
  shop,
  site,
}) => {
  const { client_id } = await addTo(site, { redirect_addresses: [`${shop}/callback`] });
  const config = await client.discovery(new URL(originOf(site)), client_id, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
  const person = await personOf(site);
  const first = await begin(config, shop);
  await page.goto(first.url.href);
  await logInThere(page, site, person);
  await finish(page, config, shop, first);

  const { db } = await site.app();
  await db.$client`update sessions set authenticated_at = now() - interval '1 hour' where user_id = ${person.id}`;
  const anew = await begin(config, shop, { max_age: "60" });
  await page.goto(anew.url.href);
  await logInThere(page, site, person);
  const tokens = await finish(page, config, shop, { ...anew, checks: { ...anew.checks, maxAge: 60 } });
  expect(tokens.claims()?.sub).toBe(person.id);
});
