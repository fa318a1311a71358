import { RETRY_KEY_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { type Called, send } from "./send.ts";

const REFRESH_PATH = "/api/token/refresh";
const LOCK = "keyturn refresh";
const ROTATED = "keyturn rotated";
const WAIT_FOR_OTHER_TAB_MS = 5_000;
const ANSWER_WITHIN_MS = 10_000;

/**
 * What this browser's latest refresh came to: the session and its new end. Whoever finds it changed since its own call
 * was sent needs no refresh any more.
 */
export function lastRotation(): string | null {
  try {
    return localStorage.getItem(ROTATED);
  } catch {
    return null;
  }
}

let refreshing: Promise<Called<unknown>> | null = null;

/**
 * Refreshes this browser's tokens, once however many calls and tabs ask for it. Tabs wait for each other by a lock that
 * ends with the tab or the answer it waits for, and no longer than a few seconds: going on without it is harmless, since
 * all tabs send the same Idempotency-Key (docs/decisions/0016).
 *
 * @param settled whether another tab has done it meanwhile
 */
export function refreshOnce(settled: () => boolean): Promise<Called<unknown>> {
  refreshing ??= inTurn(async () => {
    await newsOfOtherTabs();
    return settled() ? DONE : refresh();
  }).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** What another tab has just stored reaches this one as a task of its own, maybe after the lock that it let go of. */
function newsOfOtherTabs(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Rotates the session that a page found untouched for a while. What comes of it is no page's business: a refusal is told
 * at the next click.
 *
 * @param toRotate the session and its end when the page was made
 */
export async function rotateSession(toRotate: string): Promise<void> {
  const [id = "", end = ""] = toRotate.split(" ");
  await refreshOnce(() => {
    const [rotatedId, newEnd = ""] = lastRotation()?.split(" ") ?? [];
    return rotatedId === id && newEnd > end;
  });
}

const DONE: Called<unknown> = { kind: "ok", body: {} };
type Granted = { session: { id: string; expires_at: string } };

async function refresh(): Promise<Called<unknown>> {
  const outcome = await send<Granted>("POST", REFRESH_PATH, undefined, {
    headers: { "idempotency-key": retryKey() },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (outcome.kind === "ok") rememberRotation(outcome.body.session);
  return outcome;
}

function rememberRotation({ id, expires_at }: Granted["session"]): void {
  try {
    localStorage.setItem(ROTATED, `${id} ${expires_at}`);
  } catch {
    // A browser that keeps nothing refreshes once in every tab.
  }
}

/**
 * The key under which the answer can be asked for again. It is a cookie, so that it outlives this page, all tabs share
 * it, and a page that is loaded next brings it along; the answer that it is for takes it away.
 */
function retryKey(): string {
  const secure = window.location.protocol === "https:";
  const name = `${secure ? "__Host-" : ""}keyturn_retry`;
  const held = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  if (held) return held.slice(name.length + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${name}=${key}; Max-Age=${RETRY_KEY_LIFETIME_SECONDS}; Path=/; SameSite=Lax${secure ? "; Secure" : ""}`;
  return key;
}

/** One tab after the other, where the browser can do that. */
async function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
  if (!navigator.locks) return act();
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), WAIT_FOR_OTHER_TAB_MS);
  const run = () => {
    clearTimeout(timer);
    return act();
  };
  try {
    return await navigator.locks.request(LOCK, { signal: waiting.signal }, run);
  } catch {
    return run();
  }
}
