import type { Session } from "@/db/queries/sessions.ts";
import type { App } from "@/lib/app/app.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import { RETRY_KEY_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { clientNetwork } from "@/lib/auth/limits/rate-limit.ts";
import type { RefreshClaims } from "@/lib/auth/sessions/read-refresh-token.ts";
import { hmacBytes } from "@/lib/base/crypto.ts";

/** A refresh token that was presented, and what its bearer shows besides. */
export type Asked = {
  claims: RefreshClaims;
  delivery: "json" | "cookie";
  retryKey: string | null;
  device: Device;
  /** How long after a rotation the spent token of a page may come back without ending the session. */
  pageSparedSeconds?: number;
};

/** By what the immediately preceding token brings the same pair again: its Idempotency-Key, or the retry window. */
export function retryRight({ app, now }: Moment, session: Session, asked: Asked): "key" | "window" | null {
  if (session.generation !== asked.claims.generation + 1) return null;
  const age = ageSeconds(session.rotatedAt, now);
  const { retryKey } = asked;
  const sameKey = retryKey !== null && session.retryKeyHash?.equals(hashRetryKey(app, retryKey));
  if (sameKey && age < RETRY_KEY_LIFETIME_SECONDS) return "key";
  return age < retryWindowSeconds(app, session, asked) && wonBy(session, asked.device) ? "window" : null;
}

/** The window of cookies is for sessions that were begun by cookie; any other has the one of json, however it comes. */
function retryWindowSeconds({ settings }: App, { delivery }: Session, asked: Asked): number {
  const begunByCookie = (delivery ?? asked.delivery) === "cookie";
  if (!begunByCookie) return settings.REFRESH_RETRY_WINDOW_JSON;
  return asked.delivery === "cookie" ? settings.REFRESH_RETRY_WINDOW : 0;
}

/** Whether a spent token only loses itself: this client spent it moments ago, or its page was under way. */
export function isSpared({ app: { settings }, now }: Moment, session: Session, asked: Asked): boolean {
  const { claims, device, pageSparedSeconds = 0 } = asked;
  const page = session.delivery !== "json" && ageSeconds(session.rotatedAt, now) < pageSparedSeconds;
  const lately = spentSecondsAgo(session, claims.generation, now) < settings.REFRESH_RETRY_WINDOW;
  return page || (lately && wonBy(session, device));
}

/** How long ago, at the most, a generation was spent, as far as the row knows. */
function spentSecondsAgo(session: Session, generation: number, now: Date): number {
  const { spentFrom, spentAt, rotatedAt } = session;
  if (generation === session.generation - 1) return ageSeconds(rotatedAt, now);
  const known = spentFrom !== null && spentAt !== null && generation >= spentFrom;
  return known ? ageSeconds(spentAt, now) : Number.POSITIVE_INFINITY;
}

/** Whether this is the client that won the last rotation: the same program in the same network. */
function wonBy(session: Session, { userAgent, ip }: Device): boolean {
  return session.userAgent === userAgent && clientNetwork(session.ip) === clientNetwork(ip);
}

/** A loser that arrived before the winner, or on a host whose clock is behind, is no younger than the rotation. */
function ageSeconds(rotatedAt: Date, now: Date): number {
  return Math.max(0, now.getTime() - rotatedAt.getTime()) / 1000;
}

/** What is kept of an Idempotency-Key. */
export function hashRetryKey(app: App, retryKey: string): Buffer {
  return hmacBytes(app.retryKeyHashing, retryKey);
}
