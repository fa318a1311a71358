import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { endSessions } from "./end-sessions.ts";
import type { Principal } from "./principal.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

type LoggedOut = { kind: "logged-out" };

/**
 * Ends the session that an access token belongs to, also when the token has expired meanwhile: whoever held it may
 * leave. Without a token of ours there is nothing to end, and the caller is as logged out as they wished.
 */
export async function logOut(
  app: App,
  accessToken: string | null,
  device: Device,
  now: Date,
): Promise<LoggedOut> {
  const payload = accessToken === null ? null : await verifyJwt(app.tokens.keys.access, accessToken);
  const checked = payload && checkClaims(payload, "access", app.tokens.expectations, now);
  if (!checked || !("claims" in checked) || checked.claims.tokenType !== "access")
    return { kind: "logged-out" };
  const { sessionId, userId } = checked.claims;
  await endOne(app, { sessionId, userId }, device, now);
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
  if (!("claims" in read)) return tokenNotValid(read.kind);
  if (read.claims.userId !== user.id) return tokenNotValid("invalid");
  await endOne(app, { sessionId: read.claims.sessionId, userId: user.id }, device, now);
  return { kind: "logged-out" };
}

/** Ends every session of the caller, this one too; one statement however many there are. */
export async function logOutEverywhere(
  app: App,
  { user }: Principal,
  device: Device,
  now: Date,
): Promise<LoggedOut> {
  await app.db.transaction((transaction) =>
    endSessions(transaction, { userId: user.id }, { reason: "logged_out_everywhere", device }, now),
  );
  return { kind: "logged-out" };
}

async function endOne(app: App, scope: { sessionId: string; userId: string }, device: Device, now: Date) {
  await app.db.transaction((transaction) =>
    endSessions(transaction, scope, { reason: "logged_out", device }, now),
  );
}
