import { once } from "node:events";
import { createServer } from "node:http";
import * as client from "openid-client";

const { KEYTURN_URL = "http://localhost:3000", CLIENT_ID = "" } = process.env;
if (!CLIENT_ID) throw new Error("Set CLIENT_ID to what `keyturn application add` printed.");

const local = new URL(KEYTURN_URL).protocol === "http:";
const config = await client.discovery(new URL(KEYTURN_URL), CLIENT_ID, undefined, client.None(), {
  execute: local ? [client.allowInsecureRequests] : [],
});

// A port that happens to be free: of a loopback address any port is registered (RFC 8252 §7.3).
const listener = createServer().listen(0, "127.0.0.1");
await once(listener, "listening");
const redirect_uri = `http://127.0.0.1:${listener.address().port}/back`;

const pkceCodeVerifier = client.randomPKCECodeVerifier();
const expectedState = client.randomState();
const asked = client.buildAuthorizationUrl(config, {
  redirect_uri,
  scope: "openid email",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
});
console.log(`Open this address in your browser:\n${asked}`);

const back = await comeBack();
const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState });
console.log(`Hello, ${tokens.claims().email}.`);

const next = await client.refreshTokenGrant(config, tokens.refresh_token);
console.log(`The next access token lives for ${next.expires_in} seconds.`);
await client.tokenRevocation(config, next.refresh_token);
console.log("Logged out of this program.");

/** Waits for the browser to bring the answer. */
async function comeBack() {
  for await (const [request, response] of requests()) {
    const url = new URL(request.url, redirect_uri);
    if (url.pathname !== "/back") {
      response.writeHead(404).end();
      continue;
    }
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end("<!doctype html><title>Logged in</title><p>You can close this tab.</p>");
    listener.close();
    listener.closeIdleConnections();
    return url;
  }
}

async function* requests() {
  for (;;) yield await once(listener, "request");
}
