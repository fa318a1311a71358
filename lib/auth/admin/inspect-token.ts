import { findOwnedSession, type OwnedSession } from "@/db/queries/any-sessions.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import { recordEvent } from "@/lib/audit/record.ts";
import { ENDED_SESSION_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { readRefreshToken } from "@/lib/auth/sessions/read-refresh-token.ts";
import { instant, secondsAfter } from "@/lib/base/clock.ts";
import type { InspectedBy, InspectedToken } from "@/lib/contract/admin.ts";
import {
  type EndReason,
  type Failure,
  failure,
  type InvalidFields,
  invalidFields,
} from "@/lib/contract/errors.ts";
import { durationWords } from "@/lib/contract/number-words.ts";
import { checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { readTokenId } from "@/lib/tokens/token-id.ts";
import { endOf, stateFor, toAdminSession } from "./shapes.ts";

/** What a token or its `jti` says of itself. */
type Named = {
  kind: "access" | "refresh";
  jti: string;
  sessionId: string;
  /** Null in an access token that another service signed with our key. */
  generation: number | null;
  expiresAt: Date | null;
};

const GONE = `Its session is not known any more: it ended more than ${durationWords(ENDED_SESSION_KEPT_SECONDS)} ago, or the account was deleted.`;

/**
 * Tells whose a token is, which generation, and why it is dead, without any token being stored: a token carries its
 * session and generation, and so does its `jti`, under a MAC. An access token found by its `jti` alone expires by
 * today's lifetime; when a generation ended is known of the one before the newest only.
 *
 * 1. the caller is no admin → `permission_denied`
 * 2. neither is ours, or it names a generation that never was → the field, and nothing is recorded
 * 3. its session is gone → `not_found`
 * 4. the session ended → blacklisted, or expired, for the session's reason
 * 5. a refresh token of an earlier generation → blacklisted, `rotated`
 * 6. an access token past its end → expired
 * 7. else → outstanding
 */
export async function inspectToken(
  call: LoggedInCall,
  { by, text }: InspectedBy,
): Promise<{ kind: "inspected"; token: InspectedToken } | Failure | InvalidFields> {
  const { app, principal, device, now } = call;
  const refused = requireAdmin(principal);
  if (refused) return refused;
  const notOurs = invalidFields({
    [by]: [by === "token" ? "Token is invalid" : "No token of ours has this jti."],
  });
  const named = by === "token" ? await readToken(call, text) : readJti(app, text);
  if (!named) return notOurs;
  const found = await findOwnedSession(app.db, named.sessionId);
  if (!found) return failure("not_found", GONE);
  if ((named.generation ?? 1) > found.session.generation) return notOurs;
  const { kind, generation, sessionId } = named;
  const about = { userId: found.user.id, sessionId, actorId: principal.user.id, device };
  const data = { kind, generation, by };
  await recordEvent(app.db, { type: "token.inspected", ...about, data }, now);
  return { kind: "inspected", token: describe(call, named, found) };
}

async function readToken(call: Moment, token: string): Promise<Named | null> {
  const { app, now } = call;
  const { keys, expectations } = app.tokens;
  const read = await readRefreshToken(call, token);
  if ("claims" in read)
    return { kind: "refresh", ...read.claims, expiresAt: instant(read.claims.expiresAtSeconds * 1000) };
  const payload = await verifyJwt(keys.access, token);
  const checked = payload && checkClaims(payload, "access", expectations, now);
  if (!checked || !("claims" in checked) || checked.claims.tokenType !== "access") return null;
  const { jti, sessionId, expiresAtSeconds } = checked.claims;
  const made = readTokenId(keys.identity, jti);
  const generation = made?.sessionId === sessionId ? made.generation : null;
  return { kind: "access", jti, sessionId, generation, expiresAt: instant(expiresAtSeconds * 1000) };
}

function readJti({ tokens, settings }: App, jti: string): Named | null {
  const made = readTokenId(tokens.keys.identity, jti);
  if (!made) return null;
  const expiresAt =
    made.kind === "access" ? secondsAfter(made.issuedAt, settings.ACCESS_TOKEN_LIFETIME) : null;
  return { ...made, jti, expiresAt };
}

function describe(call: Moment, named: Named, found: OwnedSession): InspectedToken {
  const { reason, since } = standing(call, named, found);
  const session = toAdminSession(call, found);
  return {
    kind: named.kind,
    jti: named.jti,
    state: stateFor(reason),
    generation: named.generation,
    since: since?.toISOString() ?? null,
    reason,
    user: session.user,
    session_id: session.id,
    session,
  };
}

/** Whether a token still stands, else why it does not, and since when. */
function standing(
  call: Moment,
  { kind, generation, expiresAt }: Named,
  owned: OwnedSession,
): { reason: EndReason | null; since: Date | null } {
  const { app, now } = call;
  const { session } = owned;
  const ended = endOf(call, owned);
  if (ended === "expired") return { reason: ended, since: expiresAt ?? session.idleExpiresAt };
  if (ended) return { reason: ended, since: session.revokedAt };
  if (kind === "refresh" && generation !== session.generation) {
    return { reason: "rotated", since: generation === session.generation - 1 ? session.rotatedAt : null };
  }
  const past = kind === "access" && expiresAt && expiresAt <= secondsAfter(now, -app.settings.LEEWAY);
  return past ? { reason: "expired", since: expiresAt } : { reason: null, since: null };
}
