import { findSession } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app.ts";
import {
  type Failure,
  type InvalidFields,
  invalidFields,
  tokenNotValid,
  tokenSentences,
} from "@/lib/contract/errors.ts";
import { checkClaims } from "@/lib/tokens/claims.ts";
import { verifyJwt } from "@/lib/tokens/jwt.ts";
import { endReason } from "./end-reason.ts";
import { readRefreshToken } from "./read-refresh-token.ts";

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
  app: App,
  { token, live }: { token: string; live: boolean },
  now: Date,
): Promise<{ kind: "good" } | Failure | InvalidFields> {
  const { keys, expectations } = app.tokens;
  const payload = await verifyJwt(keys.access, token);
  const access = payload && checkClaims(payload, "access", expectations, now);
  if (access?.kind === "valid") {
    const { sessionId, userId } = access.claims;
    return live ? judgeLive(app, sessionId, userId, now) : { kind: "good" };
  }
  if (access && access.kind !== "wrong-type") return tokenNotValid(access.kind);
  return verifyRefreshToken(app, token, now);
}

async function judgeLive(app: App, sessionId: string, userId: string, now: Date) {
  const found = await findSession(app.db, sessionId);
  if (!found || found.session.userId !== userId) return tokenNotValid("invalid");
  const ended = endReason(app, found.session, found.isActive, now);
  if (!ended) return { kind: "good" } as const;
  return tokenNotValid(ended === "expired" ? ended : "blacklisted", ended);
}

async function verifyRefreshToken(app: App, token: string, now: Date) {
  const read = await readRefreshToken(app, token, now);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const found = await findSession(app.db, read.claims.sessionId);
  if (!found || found.session.userId !== read.claims.userId) return tokenNotValid("invalid");
  const outstanding =
    found.session.generation === read.claims.generation &&
    !endReason(app, found.session, found.isActive, now);
  return outstanding
    ? ({ kind: "good" } as const)
    : invalidFields({ non_field_errors: [tokenSentences.blacklisted] });
}
