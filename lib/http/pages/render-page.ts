import { type NextRequest, NextResponse } from "next/server";
import { runningApp } from "@/lib/app/running-app.ts";
import { keepDestination, mayLeadTo } from "@/lib/auth/destinations/keep-destination.ts";
import { renewAccess } from "@/lib/auth/rotation/access-for-page.ts";
import type { Refreshed } from "@/lib/auth/rotation/retry.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { tokenCookies } from "@/lib/http/answer/deliver.ts";
import { pageHeaders } from "@/lib/http/answer/headers.ts";
import { browserCookie, clearCookies, readCookies } from "@/lib/http/request/cookies.ts";
import { ownAddress } from "@/lib/http/request/own-address.ts";
import { requestDevice } from "@/lib/http/request/request-device.ts";
import { isRetryKey } from "@/lib/http/routes/with-refresh-token.ts";
import { tokenEnd } from "@/lib/tokens/session-tokens.ts";
import { ROTATE_HEADER } from "./rotate-header.ts";

const NONCE_BYTES = 16;
/** Pages that people pass on the way to a log-in. */
const ON_THE_WAY = new Set(["/login", "/login/code", "/register", "/register/code", "/forgot-password"]);
const MAILBOX_PATH = "/dev/mailbox";

/**
 * Lets a page render under a policy of its own, with a nonce that no other answer has. A browser that holds a refresh
 * cookie but no access cookie any more gets a new one on the way, since a Server Component can't set cookies; its
 * session is rotated by the page's scripts, which can ask again for an answer that was lost. A refusal, or a database
 * that is away, changes nothing here; the page finds out by itself.
 */
export async function renderPage(request: NextRequest): Promise<NextResponse> {
  const app = await runningApp();
  const { pathname, search } = request.nextUrl;
  const elsewhere = ownAddress(request.headers, `${pathname}${search}`, app.settings);
  if (elsewhere && request.method === "GET") return NextResponse.redirect(elsewhere, 307);
  const kept = await keepNext(request).catch(() => null);
  if (kept) return kept;
  const nonce = randomToken(NONCE_BYTES);
  const renewed = await renew(request).catch(() => null);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  const policy = pageHeaders(nonce, app.settings, {
    inlineStyles: request.nextUrl.pathname === MAILBOX_PATH,
  });
  headers.set("content-security-policy", policy["content-security-policy"] ?? "");
  headers.delete(ROTATE_HEADER);
  if (renewed?.toRotate) headers.set(ROTATE_HEADER, renewed.toRotate);
  const cookies = renewed?.cookies ?? [];
  if (cookies.length > 0) headers.set("cookie", withCookies(headers.get("cookie") ?? "", cookies));
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(policy)) response.headers.set(name, value);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

/**
 * Keeps where `?next=` leads, and asks for the same page again with the id of that. A place that it may not lead to, or
 * one too many, is left out: the log-in then leads home.
 */
async function keepNext(request: NextRequest): Promise<NextResponse | null> {
  const { pathname, searchParams } = request.nextUrl;
  const next = searchParams.getAll("next");
  if (!ON_THE_WAY.has(pathname) || next.length === 0 || request.method !== "GET") return null;
  const app = await runningApp();
  const { settings } = app;
  const call = { app, now: app.clock.now(), device: requestDevice(request.headers, undefined, settings) };
  const [address, ...more] = next;
  const allowed = address !== undefined && more.length === 0 && (await mayLeadTo(call, address));
  if (!allowed) return null;
  const { browser } = readCookies(request.headers.get("cookie"), settings);
  const kept = await keepDestination(call, { kind: "address", address }, browser);
  if (kept.kind === "failure") return null;
  const query = new URLSearchParams(searchParams);
  query.delete("next");
  query.set("to", kept.id);
  const response = NextResponse.redirect(`${settings.APP_URL}${pathname}?${query}`, 307);
  response.headers.append("set-cookie", browserCookie(kept.browser, settings));
  return response;
}

/** What a page's answer brings along: `Set-Cookie` lines, and the session that waits to be rotated. */
type Renewed = { cookies: string[]; toRotate: string | null };

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
  const outcome = await renewAccess({ app, now }, { token: refresh, retryKey, device });
  if (outcome.kind !== "refreshed") return null;
  const cookies = tokenCookies(outcome, settings, now);
  if (!outcome.tokens.refresh)
    return { cookies, toRotate: settings.ROTATE_REFRESH_TOKENS ? rotationOf(outcome) : null };
  return { cookies: [...cookies, ...clearCookies(["retry"], settings)], toRotate: null };
}

/** A session and the end it has until it is rotated, as `lib/browser/refresh.ts` knows it. */
function rotationOf({ session }: Refreshed): string {
  return `${session.id} ${session.idleExpiresAt.toISOString()}`;
}

/** A `Cookie` header in which `setCookies` already hold; of two alike the first counts. */
function withCookies(header: string, setCookies: string[]): string {
  const pairs = setCookies.map((line) => line.split(";")[0] ?? "");
  return [...pairs, header].filter(Boolean).join("; ");
}
