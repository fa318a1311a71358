import { test } from "../fixtures.ts";
import { ANY_ID } from "../kit/calls.ts";
import { complaint } from "../kit/expect-answer.ts";
import { resign, sign } from "../kit/forge.ts";
import { type Forged, forgeAll } from "../kit/forged-tokens.ts";
import { type Answer, send } from "../kit/http.ts";
import { claimsOf, enter, PASSWORD } from "../kit/people.ts";
import type { Server } from "../kit/server.ts";
import { tryEach, withoutHarm } from "../kit/without-harm.ts";

type Door = { call: string; knock(server: Server, token: string): Promise<Answer> };

const refreshDoors: Door[] = [
  inBody("POST /api/token/refresh", "refresh"),
  inBody("POST /api/token/blacklist", "refresh"),
];
const accessDoors: Door[] = [
  asBearer("GET /api/me"),
  asBearer("GET /api/sessions"),
  asBearer("POST /api/sessions/revoke-others"),
  asBearer("POST /logout_token"),
  inCookie("GET /api/me"),
];
const verification = inBody("POST /api/token/verify", "token");

for (const kind of ["access", "refresh"] as const) {
  for (const door of [...refreshDoors, ...accessDoors, verification]) {
    test(`no forged ${kind} token opens ${door.call}`, async ({ server }) => {
      const who = await enter(server);
      await withoutHarm(server, [PASSWORD, who.access, who.refresh], () =>
        knockWith(server, door, forgeAll(who[kind], secretOf(server))),
      );
    });
  }
}

test("no forged token logs its session out", async ({ server }) => {
  const who = await enter(server);
  const forged = [...forgeAll(who.access, secretOf(server)), ...forgeAll(who.refresh, secretOf(server))];
  const expired = "an end before the beginning of time";
  const usable = forged.filter(inHeader).filter(({ name }) => name !== expired);
  await withoutHarm(server, [who.access, who.refresh], () =>
    tryEach(usable, async ({ name, token }) => {
      const wrong = complaint(await send(server, "POST /api/logout", { bearer: token }), [200, 431]);
      return wrong && `${name}: ${wrong}`;
    }),
  );
});

test("with somebody else's refresh token nobody forges a log-out", async ({ server }) => {
  const attacker = await enter(server);
  const victim = await enter(server);
  const door: Door = {
    call: "POST /logout_token",
    knock: (_, token) =>
      send(server, "POST /logout_token", { json: { refresh_token: token }, bearer: attacker.access }),
  };
  const forged = [
    ...forgeAll(victim.refresh, secretOf(server)),
    { name: "the token itself", token: victim.refresh },
  ];
  await withoutHarm(server, [victim.refresh], () => knockWith(server, door, forged));
});

test("an access token that was signed elsewhere with our key needs a session here", async ({ server }) => {
  const who = await enter(server);
  const other = await enter(server);
  const change = (changes: object) => resign(secretOf(server), who.access, { ...changes });
  const forged = [
    { name: "an unknown session", token: change({ sid: ANY_ID }) },
    { name: "somebody else's session", token: change({ sid: claimsOf(other.access).sid }) },
    { name: "somebody else", token: change({ user_id: other.id, sub: other.id }) },
  ];
  await withoutHarm(server, [], async () => {
    for (const door of accessDoors) await knockWith(server, door, forged);
  });
});

test("a refresh token whose generation was changed is refused, whoever signed it", async ({ server }) => {
  const who = await enter(server);
  const generations = [0, -1, 2, 1.5, "1", null, undefined, [1], 2 ** 53, 1e300, true];
  const forged = generations.map((gen) => ({
    name: `generation ${gen}`,
    token: sign(secretOf(server), { ...claimsOf(who.refresh), gen }),
  }));
  await withoutHarm(server, [], async () => {
    for (const door of [...refreshDoors, verification]) await knockWith(server, door, forged);
  });
});

test("no door takes the other type of token", async ({ server }) => {
  const who = await enter(server);
  await withoutHarm(server, [], async () => {
    for (const door of accessDoors) await knockWith(server, door, [{ name: "refresh", token: who.refresh }]);
    for (const door of refreshDoors) await knockWith(server, door, [{ name: "access", token: who.access }]);
  });
});

const SENTENCES = [
  "Token is invalid",
  "Token has wrong type",
  "Token is expired",
  "Token has no 'exp' claim",
  "Token has no id",
  "Token has no type",
  "Given token not valid for any token type",
  "Authorization header must contain two space-delimited values",
];

/** Tries each token at a door: all of them are refused as the contract says. */
async function knockWith(server: Server, door: Door, forged: Forged[]): Promise<void> {
  const usable = "inHeader" in door ? forged.filter(inHeader) : forged;
  await tryEach(usable, async ({ name, token }) => {
    const answer = await door.knock(server, token);
    const { detail = "" } = (answer.body ?? {}) as { detail?: string };
    if (token.includes("\0")) return complaint(answer, [400]);
    if (SENTENCES.includes(detail)) return complaint(answer, [401]);
    return `${name}: ${answer.status} ${answer.text}`;
  });
}

function inBody(call: string, field: string): Door {
  return { call, knock: (server, token) => send(server, call, { json: { [field]: token } }) };
}

function asBearer(call: string): Door & { inHeader: true } {
  return { call, inHeader: true, knock: (server, token) => send(server, call, { bearer: token }) };
}

function inCookie(call: string): Door & { inHeader: true } {
  const knock = (server: Server, token: string) =>
    send(server, call, { headers: { cookie: `keyturn_access=${encodeURIComponent(token)}` } });
  return { call: `${call} by cookie`, inHeader: true, knock };
}

/** Whether HTTP lets a token stand in a header that Node reads (16 KiB with all others). */
function inHeader({ token }: Forged): boolean {
  return /^[\t\x20-\x7e]*$/.test(token) && token.length < 15_000;
}

function secretOf(server: Server): string {
  return server.variables.SECRET_KEY ?? "";
}
