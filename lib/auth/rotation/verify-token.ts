import { findSession } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import { endReason } from "@/lib/auth/sessions/end-reason.ts";
import { readRefreshToken } from "@/lib/auth/sessions/read-refresh-token.ts";
import {
  type Failure,
  type InvalidFields,
  invalidFields,
  tokenNotValid,
  tokenSentences,
} from "@/lib/contract/errors.ts";
import { checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";

/**
 * Tells whether a token, access or refresh, is good.
 *
 * 1. a good access token → good, by signature, times and type alone
 * 2. the same with `live` asked → good only while its session stands
 * 3. an outstanding refresh token → good
 * 4. a blacklisted refresh token → invalid fields, which is SimpleJWT's answer
 * 5. anything else → the refusal of the kind it is
 */
export async function verifyToken(
  call: Moment,
  { token, live }: { token: string; live: boolean },
): Promise<{ kind: "good" } | Failure | InvalidFields> {
  const { app, now } = call;
  const { keys, expectations } = app.tokens;
  const payload = await verifyJwt(keys.access, token);
  const access = payload && checkClaims(payload, "access", expectations, now);
  if (access?.kind === "valid") {
    const { sessionId, userId } = access.claims;
    return live ? verifyLive(call, sessionId, userId) : { kind: "good" };
  }
  if (access && access.kind !== "wrong-type") return tokenNotValid(access.kind);
  return verifyRefreshToken(call, token);
}

async function verifyLive(call: Moment, sessionId: string, userId: string) {
  const { app } = call;
  const found = await findSession(app.db, { id: sessionId, userId });
  if (!found) return tokenNotValid("invalid");
  const ended = endReason(call, found.session, found.isActive);
  if (!ended) return { kind: "good" } as const;
  return tokenNotValid(ended === "expired" ? ended : "blacklisted", ended);
}

async function verifyRefreshToken(call: Moment, token: string) {
  const { app } = call;
  const read = await readRefreshToken(call, token);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const { sessionId: id, userId } = read.claims;
  const found = await findSession(app.db, { id, userId });
  if (!found) return tokenNotValid("invalid");
  const outstanding =
    found.session.generation === read.claims.generation && !endReason(call, found.session, found.isActive);
  return outstanding
    ? ({ kind: "good" } as const)
    : invalidFields({ non_field_errors: [tokenSentences.blacklisted] });
}
