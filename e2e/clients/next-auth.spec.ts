import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import NextAuthModule, { type NextAuthOptions } from "next-auth";
import { decode, encode } from "next-auth/jwt";
import { expect, test } from "../fixtures.ts";
import { claimsOf } from "../kit/people.ts";
import { expectLoggedIn, expired, type Kept } from "./expired.ts";

const SECRET = "what this application alone knows, long enough";
const COOKIE = "next-auth.session-token";
/** A CommonJS module, which each loader hands over in its own way. */
const NextAuth = (NextAuthModule as unknown as { default?: typeof NextAuthModule }).default ?? NextAuthModule;

/** Refresh token rotation in the `jwt` callback, as the documentation shows it. */
function options(origin: string, withKey: boolean): NextAuthOptions {
  return {
    secret: SECRET,
    session: { strategy: "jwt" },
    providers: [],
    callbacks: {
      async jwt({ token }) {
        const { access, refresh } = token as unknown as Kept;
        if (Number(claimsOf(access).exp) * 1000 > Date.now()) return token;
        const key = createHmac("sha256", SECRET).update(refresh).digest("base64url");
        const answer = await fetch(`${origin}/api/token/refresh`, {
          method: "POST",
          headers: { "Content-Type": "application/json", ...(withKey && { "Idempotency-Key": key }) },
          body: JSON.stringify({ refresh }),
        });
        return answer.ok ? { ...token, ...(await answer.json()) } : { ...token, error: "RefreshTokenError" };
      },
    },
  };
}

/** An application whose server renders twice at once, each render asking for its session with the same cookie. */
async function rendersTwice(origin: string, kept: Kept, withKey: boolean) {
  const app = createServer(async (request, response) => {
    const answer = Object.assign(response, {
      status: (code: number) => Object.assign(response, { statusCode: code }),
      json: (body: unknown) => response.end(JSON.stringify(body)),
      send: (body: unknown) => response.end(typeof body === "string" ? body : JSON.stringify(body)),
    });
    const cookies = Object.fromEntries(
      (request.headers.cookie ?? "").split("; ").map((pair) => pair.split("=") as [string, string]),
    );
    const asked = Object.assign(request, { query: { nextauth: ["session"] }, cookies, body: {} });
    await NextAuth(asked as never, answer as never, options(origin, withKey));
  }).listen(0, "127.0.0.1");
  await once(app, "listening");
  const { port } = app.address() as AddressInfo;
  const cookie = `${COOKIE}=${await encode({ token: { name: "Ada", ...kept }, secret: SECRET })}`;
  const renders = await Promise.all(
    [1, 2].map(() => fetch(`http://127.0.0.1:${port}/api/auth/session`, { headers: { cookie } })),
  );
  app.close();
  return Promise.all(
    renders.map(async ({ headers }) => {
      const set = headers.getSetCookie().find((line) => line.startsWith(`${COOKIE}=`)) ?? "";
      const token = await decode({ token: set.slice(COOKIE.length + 1).split(";")[0], secret: SECRET });
      return token as unknown as Kept & { error?: string };
    }),
  );
}

test("next-auth, two renders at once without a key: one refreshes, and the session goes on", async ({
  server,
}) => {
  const jars = await rendersTwice(server.origin, await expired(server), false);
  const [won, ...more] = jars.filter(({ error }) => error === undefined);
  expect(more).toEqual([]);
  if (!won) throw new Error(`nobody refreshed: ${JSON.stringify(jars)}`);
  await expectLoggedIn(server, won);
});

test("next-auth with a key made of its secret and the token: both renders hold the same pair", async ({
  server,
}) => {
  const [one, other] = await rendersTwice(server.origin, await expired(server), true);
  expect(other?.refresh).toBe(one?.refresh);
  expect(one).not.toHaveProperty("error");
  if (one) await expectLoggedIn(server, one);
});
