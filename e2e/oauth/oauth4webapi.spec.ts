import * as oauth from "oauth4webapi";
import { addTo } from "../kit/applications.ts";
import { enterBrowser, originOf } from "../pages/fixtures.ts";
import { ALGORITHMS, expect, personOf, test } from "./fixtures.ts";

const WAYS = {
  client_secret_basic: oauth.ClientSecretBasic,
  client_secret_post: oauth.ClientSecretPost,
  none: () => oauth.None(),
};
type Way = keyof typeof WAYS;

/** Tests speak http on this machine. */
const insecure = { [oauth.allowInsecureRequests]: true };

for (const algorithm of ALGORITHMS) {
  for (const way of Object.keys(WAYS) as Way[]) {
    test(`oauth4webapi, ${way}, ${algorithm}: somebody who is logged in is sent on at once`, async ({
      page,
      context,
      shop,
      keyturnWith,
    }) => {
      const keyturn = await keyturnWith(algorithm);
      const confidential = way !== "none";
      const application = await addTo(keyturn, {
        redirect_addresses: [`${shop}/callback`],
        logged_out_addresses: [shop],
        confidential,
      });
      const person = await personOf(keyturn);
      await enterBrowser(context, keyturn, person);

      const issuer = new URL(originOf(keyturn));
      const discovered = await oauth.discoveryRequest(issuer, insecure);
      const as = await oauth.processDiscoveryResponse(issuer, discovered);
      const plain = await oauth.discoveryRequest(issuer, { ...insecure, algorithm: "oauth2" });
      expect(await oauth.processDiscoveryResponse(issuer, plain)).toEqual(as);
      const client: oauth.Client = { client_id: application.client_id };
      const auth = WAYS[way](application.secret);

      const verifier = oauth.generateRandomCodeVerifier();
      const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
      const url = new URL(as.authorization_endpoint ?? "");
      url.search = String(
        new URLSearchParams({
          client_id: client.client_id,
          redirect_uri: `${shop}/callback`,
          response_type: "code",
          scope: "openid email",
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: "S256",
          state,
          nonce,
        }),
      );
      await page.goto(url.href);
      await page.waitForURL(`${shop}/callback?**`);
      const callback = oauth.validateAuthResponse(as, client, new URL(page.url()), state);

      const answered = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        auth,
        callback,
        `${shop}/callback`,
        verifier,
        insecure,
      );
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, answered, {
        expectedNonce: nonce,
        requireIdToken: true,
      });
      await oauth.validateApplicationLevelSignature(as, answered, insecure);
      expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: person.id, nonce });

      const asked = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
      const known = await oauth.processUserInfoResponse(as, client, person.id, asked);
      expect(known).toEqual({ sub: person.id, email: person.email, email_verified: true });

      const turned = await oauth.refreshTokenGrantRequest(
        as,
        client,
        auth,
        tokens.refresh_token ?? "",
        insecure,
      );
      const next = await oauth.processRefreshTokenResponse(as, client, turned);
      expect(oauth.getValidatedIdTokenClaims(next)?.sub).toBe(person.id);

      const looked = await oauth.introspectionRequest(as, client, auth, next.access_token, insecure);
      if (confidential)
        expect(await oauth.processIntrospectionResponse(as, client, looked)).toMatchObject({
          active: true,
          sub: person.id,
          token_type: "Bearer",
        });
      else {
        const asking = oauth.processIntrospectionResponse(as, client, looked);
        await expect(asking).rejects.toMatchObject({ status: 401 });
      }

      const revoked = await oauth.revocationRequest(as, client, auth, next.access_token, insecure);
      await oauth.processRevocationResponse(revoked);
      const after = await oauth.userInfoRequest(as, client, next.access_token, insecure);
      expect(after.status).toBe(401);

      const goodbye = new URL(as.end_session_endpoint ?? "");
      goodbye.search = String(
        new URLSearchParams({ id_token_hint: next.id_token ?? "", post_logout_redirect_uri: shop }),
      );
      await page.goto(goodbye.href);
      await expect(page).toHaveURL(`${shop}/`);
      await page.goto(url.href);
      await expect(page.getByRole("heading", { name: "Log in" })).toBeVisible();
    });
  }
}
