import { type NextRequest, NextResponse } from "next/server";
import { refreshSession } from "@/lib/auth/refresh-session.ts";
import { randomToken } from "@/lib/crypto.ts";
import { runningApp } from "@/lib/running-app.ts";
import { readCookies } from "./cookies.ts";
import { tokenCookies } from "./deliver.ts";
import { pageHeaders } from "./headers.ts";
import { requestDevice } from "./request-device.ts";

const NONCE_BYTES = 16;
const MAILBOX_PATH = "/dev/mailbox";

/**
 * Lets a page render under a policy of its own, with a nonce that no other answer has. A browser that holds a refresh
 * cookie but no access cookie any more gets both anew on the way: a Server Component can't set cookies, and the retry
 * window makes parallel loads harmless. A refusal, or a database that is away, changes nothing here; the page finds
 * out by itself.
 */
export async function renderPage(request: NextRequest): Promise<NextResponse> {
  const app = await runningApp();
  const nonce = randomToken(NONCE_BYTES);
  const cookies = await refreshCookies(request).catch(() => []);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  const policy = pageHeaders(nonce, app.settings, {
    inlineStyles: request.nextUrl.pathname === MAILBOX_PATH,
  });
  headers.set("content-security-policy", policy["content-security-policy"] ?? "");
  if (cookies.length > 0) headers.set("cookie", withCookies(headers.get("cookie") ?? "", cookies));
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(policy)) response.headers.set(name, value);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

/** The `Set-Cookie` lines of a fresh pair; none where none is needed or none is granted. */
async function refreshCookies(request: NextRequest): Promise<string[]> {
  const app = await runningApp();
  const held = readCookies(request.headers.get("cookie"), app.settings);
  if (held.access !== null || held.refresh === null || request.method !== "GET") return [];
  const device = requestDevice(request.headers, undefined, app.settings);
  const now = app.clock.now();
  const input = { token: held.refresh, delivery: "cookie", retryKey: null, device } as const;
  const outcome = await refreshSession(app, input, now);
  return outcome.kind === "refreshed" ? tokenCookies(outcome, app.settings, now) : [];
}

/** A `Cookie` header in which `setCookies` already hold. */
function withCookies(header: string, setCookies: string[]): string {
  const pairs = setCookies.map((line) => line.split(";")[0] ?? "");
  return [header, ...pairs].filter(Boolean).join("; ");
}
