import { type NextRequest, NextResponse } from "next/server";
import type { Refreshed } from "@/lib/auth/judge-unrotated.ts";
import { renewAccess } from "@/lib/auth/renew-access.ts";
import { randomToken } from "@/lib/crypto.ts";
import { runningApp } from "@/lib/running-app.ts";
import { tokenEnd } from "@/lib/tokens/session-tokens.ts";
import { clearCookies, readCookies } from "./cookies.ts";
import { tokenCookies } from "./deliver.ts";
import { pageHeaders } from "./headers.ts";
import { isRetryKey } from "./refresh-token.ts";
import { requestDevice } from "./request-device.ts";
import { TURN_HEADER } from "./turn-header.ts";

const NONCE_BYTES = 16;
const MAILBOX_PATH = "/dev/mailbox";

/**
 * Lets a page render under a policy of its own, with a nonce that no other answer has. A browser that holds a refresh
 * cookie but no access cookie any more gets a new one on the way, since a Server Component can't set cookies; its
 * session is turned by the page's scripts, which can ask again for an answer that was lost. A refusal, or a database
 * that is away, changes nothing here; the page finds out by itself.
 */
export async function renderPage(request: NextRequest): Promise<NextResponse> {
  const app = await runningApp();
  const nonce = randomToken(NONCE_BYTES);
  const renewed = await renew(request).catch(() => null);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  const policy = pageHeaders(nonce, app.settings, {
    inlineStyles: request.nextUrl.pathname === MAILBOX_PATH,
  });
  headers.set("content-security-policy", policy["content-security-policy"] ?? "");
  headers.delete(TURN_HEADER);
  if (renewed?.turn) headers.set(TURN_HEADER, renewed.turn);
  const cookies = renewed?.cookies ?? [];
  if (cookies.length > 0) headers.set("cookie", withCookies(headers.get("cookie") ?? "", cookies));
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(policy)) response.headers.set(name, value);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

/** What a page's answer brings along: `Set-Cookie` lines, and the session that waits to be turned. */
type Renewed = { cookies: string[]; turn: string | null };

/** Renews the access cookie where that is needed and granted. */
async function renew(request: NextRequest): Promise<Renewed | null> {
  const app = await runningApp();
  const { settings } = app;
  const { access, refresh, retry } = readCookies(request.headers.get("cookie"), settings);
  const now = app.clock.now();
  const isGood = access !== null && tokenEnd(access) > now;
  if (isGood || refresh === null || request.method !== "GET") return null;
  const device = requestDevice(request.headers, undefined, settings);
  const retryKey = retry !== null && isRetryKey(retry) ? retry : null;
  const outcome = await renewAccess(app, { token: refresh, retryKey, device }, now);
  if (outcome.kind !== "refreshed") return null;
  const cookies = tokenCookies(outcome, settings, now);
  if (!outcome.tokens.refresh)
    return { cookies, turn: settings.ROTATE_REFRESH_TOKENS ? turnOf(outcome) : null };
  return { cookies: [...cookies, ...clearCookies(["retry"], settings)], turn: null };
}

/** A session and the end it has until it is turned, as `lib/browser/refresh.ts` knows it. */
function turnOf({ session }: Refreshed): string {
  return `${session.id} ${session.idleExpiresAt.toISOString()}`;
}

/** A `Cookie` header in which `setCookies` already hold; of two alike the first counts. */
function withCookies(header: string, setCookies: string[]): string {
  const pairs = setCookies.map((line) => line.split(";")[0] ?? "");
  return [...pairs, header].filter(Boolean).join("; ");
}
