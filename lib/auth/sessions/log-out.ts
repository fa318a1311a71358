import { lockUser } from "@/db/queries/users.ts";
import type { Call, Moment } from "@/lib/app/call.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { type Claims, checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { endEverything } from "./end-everything.ts";
import { endSessions } from "./end-sessions.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

type LoggedOut = { kind: "logged-out" };

/**
 * Ends the session that the caller's tokens belong to, also when they have expired meanwhile: whoever held them may
 * leave. Without a token of ours there is nothing to end, and the caller is as logged out as they wished.
 */
export async function logOut(
  call: Call,
  { access, refresh }: { access: string | null; refresh: string | null },
): Promise<LoggedOut> {
  const held = [await heldAccess(call, access), await heldRefresh(call, refresh)].filter(
    (claims) => claims !== null,
  );
  for (const claims of new Map(held.map((claims) => [claims.sessionId, claims])).values()) {
    await endHeld(call, claims);
  }
  return { kind: "logged-out" };
}

/**
 * Ends the session that a refresh token belongs to.
 *
 * 1. a refresh token of one of the caller's own sessions, spent, expired or not → that session is over
 * 2. anything else, somebody else's token too → refused as invalid, nothing ends
 */
export async function logOutToken(call: LoggedInCall, token: string): Promise<LoggedOut | Failure> {
  const {
    principal: { user },
  } = call;
  const read = await readRefreshToken(call, token);
  if (!("claims" in read) || read.claims.userId !== user.id) return tokenNotValid("invalid");
  await endHeld(call, read.claims);
  return { kind: "logged-out" };
}

/** Ends every session of the caller, this one too, with every pending challenge and trusted device. */
export async function logOutEverywhere(call: LoggedInCall): Promise<LoggedOut> {
  const { app, principal, device } = call;
  const userId = principal.user.id;
  await app.transaction(async (transaction) => {
    await lockUser(transaction, { userId });
    await endEverything(transaction, call, userId, { reason: "logged_out_everywhere", device });
  });
  return { kind: "logged-out" };
}

/** Whose a token of ours is, of either kind, expired or not; null for anything else. */
export async function heldSession(call: Moment, token: string): Promise<Claims | null> {
  return (await heldAccess(call, token)) ?? heldRefresh(call, token);
}

/** Ends the session that somebody holds a token of, by their own wish. */
export async function endHeld(call: Call, { sessionId, userId }: Claims): Promise<void> {
  const ending = { reason: "logged_out", device: call.device } as const;
  await call.app.transaction((transaction) => endSessions(transaction, call, { sessionId, userId }, ending));
}

async function heldAccess({ app, now }: Moment, token: string | null): Promise<Claims | null> {
  const payload = token === null ? null : await verifyJwt(app.tokens.keys.access, token);
  const checked = payload && checkClaims(payload, "access", app.tokens.expectations, now);
  return checked && "claims" in checked && checked.claims.tokenType === "access" ? checked.claims : null;
}

async function heldRefresh(call: Moment, token: string | null): Promise<Claims | null> {
  const read = token === null ? null : await readRefreshToken(call, token);
  return read && "claims" in read ? read.claims : null;
}
