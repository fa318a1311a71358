import { addApplication, type WithSecret } from "@/lib/auth/applications/add-application.ts";
import { randomToken, sha256 } from "@/lib/base/crypto.ts";
import type { AddApplicationRequest } from "@/lib/contract/applications.ts";
import { type Answer, send } from "./http.ts";
import type { Person } from "./people.ts";
import { keepSecrets } from "./secrets.ts";
import type { Server } from "./server.ts";

/** Where a shop on the web gets its people back, and where it shows them a goodbye. */
export const CALLBACK = "https://shop.example.com/callback";
export const GOODBYE = "https://shop.example.com/goodbye";

/** What a token call hands out. */
export type Tokens = {
  access_token: string;
  refresh_token: string;
  id_token?: string;
  token_type: string;
  expires_in: number;
  scope: string;
};

/** Adds an application to a Keyturn, as its operator would; a public one unless `asked` says otherwise. */
export async function addTo(
  server: Server,
  asked: Partial<AddApplicationRequest> = {},
): Promise<WithSecret & { secret: string }> {
  const app = await server.app();
  const usual = { name: "My shop", redirect_addresses: [CALLBACK], logged_out_addresses: [GOODBYE] };
  const added = await addApplication({ app, now: app.clock.now() }, { ...usual, ...asked });
  keepSecrets(added.client_secret, added.webhook_secret);
  return { ...added, secret: added.client_secret ?? "" };
}

/** A verifier, and the challenge that it answers (RFC 7636). */
export function makePkce(): { verifier: string; challenge: string } {
  const verifier = randomToken(32);
  keepSecrets(verifier);
  return { verifier, challenge: sha256(verifier).toString("base64url") };
}

/** The cookies of a browser in which somebody has just logged in. */
export async function browserOf(server: Server, { email, password }: Person): Promise<string> {
  const headers = { origin: server.variables.APP_URL ?? "", "x-token-delivery": "cookie" };
  const answer = await send(server, "POST /api/token", { json: { email, password }, headers });
  if (answer.status !== 200) throw new Error(`no log-in: ${answer.text}`);
  return (answer.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
}

/** A good request for a log-in, but for what `changes` says; `undefined` leaves a parameter out. */
export function authorizePath(
  clientId: string,
  challenge: string,
  changes: Record<string, string | undefined> = {},
): string {
  const asked = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: "openid",
    state: "the state",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...changes,
  };
  const said = Object.entries(asked).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/oauth/authorize?${new URLSearchParams(said)}`;
}

/** What a browser is sent back with: the parameters of the address, and the address without them. */
export function sentTo({ headers }: Answer): { address: string; said: Record<string, string> } {
  const url = new URL(headers.location ?? "nowhere:");
  const said = Object.fromEntries(url.searchParams);
  keepSecrets(said.code);
  return { address: `${url.origin}${url.pathname}`, said };
}

/** A code for an application, in a browser that is logged in. */
export async function codeFor(
  server: Server,
  browser: string,
  clientId: string,
  changes: Record<string, string | undefined> = {},
): Promise<{ code: string; verifier: string }> {
  const { verifier, challenge } = makePkce();
  const path = authorizePath(clientId, challenge, changes);
  const answer = await send(server, `GET ${path}`, { headers: { cookie: browser } });
  const { code } = sentTo(answer).said;
  if (code === undefined) throw new Error(`no code: ${answer.status} ${answer.headers.location}`);
  return { code, verifier };
}

/** The `Authorization` of a client with a secret (RFC 6749 §2.3.1). */
export function basic({ client_id, secret }: { client_id: string; secret: string }): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${client_id}:${secret}`).toString("base64")}` };
}

/** Exchanges a code as a public client, or with its secret in the form. */
export function exchange(
  server: { origin: string },
  client: { client_id: string; client_secret: string | null },
  { code, verifier, ...changes }: { code: string; verifier: string; redirect_uri?: string },
): Promise<Answer> {
  const { client_id, client_secret } = client;
  const form = {
    grant_type: "authorization_code",
    code,
    code_verifier: verifier,
    redirect_uri: CALLBACK,
    client_id,
    ...(client_secret !== null && { client_secret }),
    ...changes,
  };
  return send(server, "POST /oauth/token", { form });
}

/** The tokens of an application in a browser that is logged in. */
export async function tokensFor(
  server: Server,
  browser: string,
  client: { client_id: string; client_secret: string | null },
): Promise<Tokens> {
  const answer = await exchange(server, client, await codeFor(server, browser, client.client_id));
  if (answer.status !== 200) throw new Error(`no tokens: ${answer.text}`);
  return answer.body as Tokens;
}
