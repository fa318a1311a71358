import { expect, FRONT_END, test } from "./fixtures.ts";
import { ANY_ID } from "./kit/calls.ts";
import { resign } from "./kit/forge.ts";
import { type Answer, type Sending, send } from "./kit/http.ts";
import { claimsOf, enter, type Pair, type Person } from "./kit/people.ts";

/** Somebody who is logged in: each lane gets its own, so that neither sees what the other did. */
type Who = Person & Pair & { sid: string; expired: string };
type Request = [call: string, sending?: Sending];

const json = { "content-type": "application/json" };
const ownPage = { origin: FRONT_END, "x-token-delivery": "cookie" };
const bearer = ({ access }: Who) => ({ bearer: access });

const forEverybody: Record<string, Request> = {
  "the process's health": ["GET /api/health"],
  "health with a slash": ["GET /api/health/"],
  "health with a query": ["GET /api/health?a=%zz&a=1"],
  "health by HEAD": ["HEAD /api/health"],
  "the methods of health": ["OPTIONS /api/health"],
  "health by POST": ["POST /api/health", { json: {} }],
  "health by PUT without a body": ["PUT /api/health"],
  "the database's readiness": ["GET /api/ready"],
  "the public keys": ["GET /.well-known/jwks.json"],
  "the API's description": ["GET /api/openapi.json"],
  "whom to tell of a hole": ["GET /.well-known/security.txt"],
  "the public keys by HEAD": ["HEAD /.well-known/jwks.json/"],
  "the public keys by DELETE": ["DELETE /.well-known/jwks.json"],
  "a preflight": ["OPTIONS /api/token", { headers: { origin: FRONT_END } }],
  "a stranger's preflight": ["OPTIONS /api/token", { headers: { origin: "https://evil.example" } }],
  "an answer for a front end": ["GET /api/health", { headers: { origin: FRONT_END } }],
  "a refusal for a front end": ["POST /api/token", { json: {}, headers: { origin: FRONT_END } }],
  "a log-in by GET": ["GET /api/token"],
  "a log-in by HEAD": ["HEAD /api/token"],
  "a log-in without a body": ["POST /api/token"],
  "a log-in with an empty form": ["POST /api/token/", { form: {} }],
  "a log-in of nobody": ["POST /api/token", { json: { email: "nobody@example.com", password: "x" } }],
  "a log-in with wrong types": ["POST /api/token", { json: { email: 1, password: null } }],
  "a log-in with a list": ["POST /api/token", { json: [] }],
  "a body that is not JSON": ["POST /api/token", { raw: "{", headers: json }],
  "a key that stands twice": ["POST /api/token", { raw: '{"email":"a","email":"b"}', headers: json }],
  "invalid UTF-8": ["POST /api/token", { raw: Buffer.from([0x7b, 0xff, 0x7d]), headers: json }],
  "another content type": ["POST /api/token", { raw: "x", headers: { "content-type": "text/plain" } }],
  "no content type": ["POST /api/token", { raw: "{}" }],
  "64 KiB": ["POST /api/token", { raw: `{${" ".repeat(65_534)}}`, headers: json }],
  "more than 64 KiB": ["POST /api/token", { raw: `{${" ".repeat(65_535)}}`, headers: json }],
  "four megabytes": ["POST /api/token", { raw: "x".repeat(4_000_000), headers: json }],
  "nonsense to refresh": ["POST /api/token/refresh", { json: { refresh: "nonsense" } }],
  "nonsense to verify": ["POST /api/token/verify", { json: { token: "nonsense" } }],
  "nonsense to blacklist": ["POST /api/token/blacklist", { json: { refresh: "nonsense" } }],
  "a bad Idempotency-Key": [
    "POST /api/token/refresh",
    { json: { refresh: "x" }, headers: { "idempotency-key": "short" } },
  ],
  "me without a token": ["GET /api/me"],
  "me with another scheme": ["GET /api/me", { headers: { authorization: "Basic YTpi" } }],
  "me with half a header": ["GET /api/me", { headers: { authorization: "Bearer" } }],
  "me with nonsense": ["GET /api/me", { bearer: "nonsense" }],
  "the old log-out without a token": ["POST /logout_token", { json: { all: "1" } }],
  "the old log-out by GET": ["GET /logout_token/"],
  "a log-out without a token": ["POST /api/logout"],
  "a device without a token": [`DELETE /api/sessions/${ANY_ID}`],
  "a device by GET": [`GET /api/sessions/${ANY_ID}`],
  "a path that is not there": ["GET /api/nope"],
  "a deep path that is not there": ["POST /api/nope/a/b/c?x=1", { json: {} }],
  "a path that is not there by HEAD": ["HEAD /api/nope/"],
  "the methods of a path that is not there": ["OPTIONS /api/nope"],
  "the API itself": ["GET /api"],
  "a path in another case": ["GET /api/Health"],
  "an encoded letter in a fixed path": ["GET /api/%68ealth"],
  "an encoded slash": ["GET /api/health%2f"],
  "an encoded null": ["GET /api/health%00"],
  "a page that is not there": ["GET /API/health"],
  "where a password is changed": ["GET /.well-known/change-password"],
  "where a password is changed, by HEAD": ["HEAD /.well-known/change-password/"],
  "a forgotten password of nobody": ["POST /api/password/forgot", { json: { email: "nobody@example.com" } }],
  "a forgotten password without an address": ["POST /api/password/forgot/", { json: { email: "nobody" } }],
  "another link by one that means nothing": ["POST /api/password/forgot/again", { json: { token: "x" } }],
  "a reset by a link that means nothing": [
    "POST /api/password/reset",
    { json: { token: "x", password: "y" } },
  ],
  "a change of nobody's password": ["POST /api/password/change", { json: {} }],
  "a neighbour of the public keys": ["GET /.well-known/nope"],
  "the home page": ["GET /"],
};

const forSomebody: Record<string, (who: Who) => Request> = {
  "a log-in": ({ email, password }) => ["POST /api/token", { json: { email, password } }],
  "a log-in by form": ({ email, password }) => ["POST /api/token/", { form: { email, password } }],
  "a wrong password": ({ email }) => ["POST /api/token", { json: { email, password: "wrong" } }],
  "a refresh": ({ refresh }) => ["POST /api/token/refresh", { json: { refresh } }],
  "a refresh with a key": ({ refresh }) => [
    "POST /api/token/refresh/",
    { form: { refresh }, headers: { "idempotency-key": "0123456789abcdef" } },
  ],
  "a refresh with an access token": ({ access }) => [
    "POST /api/token/refresh",
    { json: { refresh: access } },
  ],
  "a refresh with an expired token": ({ expired }) => [
    "POST /api/token/refresh",
    { json: { refresh: expired } },
  ],
  "a verification": ({ access: token }) => ["POST /api/token/verify", { json: { token } }],
  "a live verification": ({ access: token }) => ["POST /api/token/verify", { json: { token, live: "1" } }],
  "a log-in by cookie": ({ email, password }) => [
    "POST /api/token",
    { json: { email, password }, headers: ownPage },
  ],
  "a log-in by cookie from elsewhere": ({ email, password }) => [
    "POST /api/token",
    { json: { email, password }, headers: { ...ownPage, origin: "https://evil.example" } },
  ],
  "a refresh by cookie": ({ refresh }) => [
    "POST /api/token/refresh",
    { headers: { ...ownPage, cookie: `keyturn_refresh=${refresh}` } },
  ],
  "a log-out by cookie": ({ access, refresh }) => [
    "POST /api/logout",
    { headers: { ...ownPage, cookie: `keyturn_access=${access}; keyturn_refresh=${refresh}` } },
  ],
  "me by cookie": ({ access }) => ["GET /api/me", { headers: { cookie: `a=b; keyturn_access=${access}` } }],
  "a blacklisting": ({ refresh }) => ["POST /api/token/blacklist", { json: { refresh } }],
  "the tutorial's log-out": (who) => [
    "POST /logout_token",
    { json: { refresh_token: who.refresh }, ...bearer(who) },
  ],
  "the tutorial's log-out with a slash": (who) => [
    "POST /logout_token/",
    { form: { all: "1" }, ...bearer(who) },
  ],
  "the tutorial's log-out under /api": (who) => [
    "POST /api/logout_token",
    { json: { all: "0" }, ...bearer(who) },
  ],
  "a log-out": (who) => ["POST /api/logout/", bearer(who)],
  "a log-out with a body": (who) => ["POST /api/logout", { json: { any: "thing" }, ...bearer(who) }],
  me: (who) => ["GET /api/me", bearer(who)],
  "me by HEAD": (who) => ["HEAD /api/me/", bearer(who)],
  "me for a front end": (who) => ["GET /api/me", { ...bearer(who), headers: { origin: FRONT_END } }],
  "the devices": (who) => ["GET /api/sessions/", bearer(who)],
  "the devices behind a proxy": (who) => [
    "GET /api/sessions",
    { ...bearer(who), headers: { "x-forwarded-for": "1.2.3.4, 203.0.113.9" } },
  ],
  "a page of devices": (who) => ["GET /api/sessions?limit=1", bearer(who)],
  "a bad limit": (who) => ["GET /api/sessions?limit=0", bearer(who)],
  "a bad cursor": (who) => ["GET /api/sessions?cursor=%00", bearer(who)],
  "a name": (who) => [`PATCH /api/sessions/${who.sid}`, { json: { name: "Küche" }, ...bearer(who) }],
  "a name by form": (who) => [`PATCH /api/sessions/${who.sid}`, { form: { name: "x" }, ...bearer(who) }],
  "a name that is too long": (who) => [
    `PATCH /api/sessions/${who.sid}/`,
    { json: { name: "x".repeat(65) }, ...bearer(who) },
  ],
  "an end": (who) => [`DELETE /api/sessions/${who.sid}`, bearer(who)],
  "an end by encoded id": (who) => [`DELETE /api/sessions/%${hex(who.sid)}${who.sid.slice(1)}`, bearer(who)],
  "an end of nothing": (who) => ["DELETE /api/sessions/x", bearer(who)],
  "an end of the others": (who) => ["POST /api/sessions/revoke-others", bearer(who)],
};

for (const [name, request] of Object.entries(forEverybody)) {
  test(`both lanes answer alike: ${name}`, async ({ lanes }) => {
    const [call, sending] = request;
    const fromNext = comparable(await send(lanes.next, call, sending));
    expect(fromNext).toEqual(comparable(await send(lanes.api, call, sending)));
  });
}

for (const [name, request] of Object.entries(forSomebody)) {
  test(`both lanes answer alike: ${name}`, async ({ lanes }) => {
    const secret = lanes.api.variables.SECRET_KEY ?? "";
    const ask = async (lane: keyof typeof lanes) => {
      const who = await enter(lanes.api);
      const sid = String(claimsOf(who.access).sid);
      const expired = resign(secret, who.refresh, { exp: Number(claimsOf(who.refresh).iat) - 1 });
      const [call, sending] = request({ ...who, sid, expired });
      return comparable(await send(lanes[lane], call, sending), who.email);
    };
    expect(await ask("next")).toEqual(await ask("api"));
  });
}

/**
 * Next judges these before any handler can, so it alone differs; under `npm start` the API lane answers them as the
 * contract says. A change on either side should be looked at.
 */
const decidedByNext: [call: string, api: number, next: number][] = [
  ["PROPFIND /api/health", 405, 400],
  ["TRACE /api/health", 405, 500],
  ["GET /api//health", 400, 308],
  ["GET /api/health//", 400, 308],
  ["GET /api/x/../health", 400, 200],
  ["GET /api/%zz", 404, 500],
];
for (const [call, api, next] of decidedByNext) {
  test(`only the API lane keeps the contract: ${call}`, async ({ lanes }) => {
    expect((await send(lanes.api, call)).status).toBe(api);
    expect((await send(lanes.next, call)).status).toBe(next);
  });
}

const FRAMING = ["date", "connection", "keep-alive", "transfer-encoding", "content-length", "x-request-id"];

/**
 * An answer without what differs from one to the next, or between two ways to frame the same body. A page's id is given
 * by the front, which Next alone does not have.
 */
function comparable({ status, headers, text }: Answer, email = "") {
  const kept = Object.entries(headers).filter(([name]) => !FRAMING.includes(name));
  const vary = (headers.vary ?? "").split(", ").filter((name) => !/^(rsc|next-router-.*)$/.test(name));
  const [, nonce = "<nonce>"] = /'nonce-([\w-]+)'/.exec(String(headers["content-security-policy"])) ?? [];
  const told = JSON.stringify({ status, headers: { ...Object.fromEntries(kept), vary }, text })
    .replaceAll(/[\w-]{20,}\.[\w-]{20,}\.[\w-]{20,}/g, "<token>")
    .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<instant>")
    .replaceAll(/http:\/\/localhost:\d+/g, "<origin>")
    .replaceAll(nonce, "<nonce>")
    .replaceAll(email || "<email>", "<email>");
  const isPage = String(headers["content-type"]).startsWith("text/html");
  return { ...JSON.parse(told), hasRequestId: isPage || "x-request-id" in headers };
}

function hex(text: string): string {
  return text.charCodeAt(0).toString(16);
}
