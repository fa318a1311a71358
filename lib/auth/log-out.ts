import { lockUser } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { type Claims, checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { endEverything } from "./end-everything.ts";
import { endSessions } from "./end-sessions.ts";
import type { Principal } from "./principal.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

type LoggedOut = { kind: "logged-out" };

/**
 * Ends the session that the caller's tokens belong to, also when they have expired meanwhile: whoever held them may
 * leave. Without a token of ours there is nothing to end, and the caller is as logged out as they wished.
 */
export async function logOut(
  app: App,
  { access, refresh }: { access: string | null; refresh: string | null },
  device: Device,
  now: Date,
): Promise<LoggedOut> {
  const held = [await heldAccess(app, access, now), await heldRefresh(app, refresh, now)];
  for (const claims of held) {
    if (claims) await endOne(app, { sessionId: claims.sessionId, userId: claims.userId }, device, now);
  }
  return { kind: "logged-out" };
}

/**
 * Ends the session that a refresh token belongs to.
 *
 * 1. a refresh token of one of the caller's own sessions, spent, expired or not → that session is over
 * 2. anything else, somebody else's token too → refused as invalid, nothing ends
 */
export async function logOutToken(
  app: App,
  { user }: Principal,
  token: string,
  device: Device,
  now: Date,
): Promise<LoggedOut | Failure> {
  const read = await readRefreshToken(app, token, now);
  if (!("claims" in read) || read.claims.userId !== user.id) return tokenNotValid("invalid");
  await endOne(app, { sessionId: read.claims.sessionId, userId: user.id }, device, now);
  return { kind: "logged-out" };
}

/** Ends every session of the caller, this one too, with every pending challenge and trusted device. */
export async function logOutEverywhere(
  app: App,
  { user }: Principal,
  device: Device,
  now: Date,
): Promise<LoggedOut> {
  await app.db.transaction(async (transaction) => {
    await lockUser(transaction, { userId: user.id });
    await endEverything(transaction, user.id, { reason: "logged_out_everywhere", device }, now);
  });
  return { kind: "logged-out" };
}

async function endOne(app: App, scope: { sessionId: string; userId: string }, device: Device, now: Date) {
  await app.db.transaction((transaction) =>
    endSessions(transaction, scope, { reason: "logged_out", device }, now),
  );
}

async function heldAccess(app: App, token: string | null, now: Date): Promise<Claims | null> {
  const payload = token === null ? null : await verifyJwt(app.tokens.keys.access, token);
  const checked = payload && checkClaims(payload, "access", app.tokens.expectations, now);
  return checked && "claims" in checked && checked.claims.tokenType === "access" ? checked.claims : null;
}

async function heldRefresh(app: App, token: string | null, now: Date): Promise<Claims | null> {
  const read = token === null ? null : await readRefreshToken(app, token, now);
  return read && "claims" in read ? read.claims : null;
}
