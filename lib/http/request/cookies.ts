import { parse, serialize } from "cookie";
import {
  CODE_LIFETIME_SECONDS,
  DESTINATION_LIFETIME_SECONDS,
  ENDED_CODE_TOLD_SECONDS,
  GOODBYE_SECONDS,
  TRUSTED_DEVICE_LIFETIME_SECONDS,
} from "@/lib/auth/limits/lifetimes.ts";
import type { Settings } from "@/lib/settings/env.ts";

/**
 * What our cookies hold in a request; null for one that did not come. `retry` is the one that a page writes itself: the
 * Idempotency-Key of a refresh under way. `ended` says why this browser has no session any more, in a word. `browser` is
 * by what a browser is known that is on its way somewhere.
 */
export type CookieJar = Readonly<Record<CookieKind, string | null>>;
const kinds = ["access", "refresh", "device", "challenge", "retry", "ended", "browser"] as const;
type CookieKind = (typeof kinds)[number];
const NO_COOKIES = Object.fromEntries(kinds.map((kind) => [kind, null])) as CookieJar;

/** Reads our own cookies and no others. */
export function readCookies(header: string | null, settings: Settings): CookieJar {
  if (header === null) return NO_COOKIES;
  const all = parse(header);
  const values = kinds.map((kind) => [kind, all[cookieName(kind, settings)] || null]);
  return Object.fromEntries(values) as CookieJar;
}

/** The `Set-Cookie` of one of our cookies, out of reach for scripts and other sites, and with https for other hosts. */
export function setCookie(
  kind: CookieKind,
  value: string,
  maxAgeSeconds: number,
  settings: Settings,
): string {
  return serialize(cookieName(kind, settings), value, {
    httpOnly: true,
    secure: settings.https,
    sameSite: "lax",
    path: "/",
    maxAge: Math.max(0, Math.floor(maxAgeSeconds)),
  });
}

/** The cookie that lets a trusted device skip the code. */
export function deviceCookie(secret: string, settings: Settings): string {
  return setCookie("device", secret, TRUSTED_DEVICE_LIFETIME_SECONDS, settings);
}

/** The cookie of a log-in that waits for its code, so that it survives a reload; it never counts as being logged in. */
export function challengeCookie(secret: string, settings: Settings): string {
  return setCookie("challenge", secret, CODE_LIFETIME_SECONDS + ENDED_CODE_TOLD_SECONDS, settings);
}

/** The cookie by which a browser is led on to where it was going; it is good for nothing else. */
export function browserCookie(secret: string, settings: Settings): string {
  return setCookie("browser", secret, DESTINATION_LIFETIME_SECONDS, settings);
}

/** Takes cookies out of a browser. */
export function clearCookies(kinds: CookieKind[], settings: Settings): string[] {
  return kinds.map((kind) => setCookie(kind, "", 0, settings));
}

/** What a log-out leaves of a session: no token, and for a while a word of goodbye. That the device is trusted stays. */
export function logOutCookies(held: CookieJar, settings: Settings): string[] {
  const cleared = clearCookies(["access", "refresh"], settings);
  const wasLoggedIn = held.access !== null || held.refresh !== null;
  return wasLoggedIn ? [...cleared, setCookie("ended", "logged_out", GOODBYE_SECONDS, settings)] : cleared;
}

/** Leaves nothing of ours in a browser but that word: the person it belonged to is gone. */
export function deletedCookies(settings: Settings): string[] {
  const others = kinds.filter((kind) => kind !== "ended");
  return [
    ...clearCookies(others, settings),
    setCookie("ended", "account_deleted", GOODBYE_SECONDS, settings),
  ];
}

/** With https the name itself binds the cookie to this host and path (`__Host-`, RFC 6265bis §4.1.3.2). */
export function cookieName(kind: CookieKind, { https }: Settings): string {
  return `${https ? "__Host-" : ""}keyturn_${kind}`;
}
