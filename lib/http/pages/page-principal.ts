import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { runningApp } from "@/lib/app/running-app.ts";
import { recognizeDevice } from "@/lib/auth/devices/trust-device.ts";
import { describeChallenge, type WaitingProof } from "@/lib/auth/factors/describe-challenge.ts";
import { requireSetUp } from "@/lib/auth/factors/require-set-up.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { requireAdmin } from "@/lib/auth/sessions/authorize.ts";
import { explainEnd } from "@/lib/auth/sessions/explain-end.ts";
import type { LoggedInCall, Principal } from "@/lib/auth/sessions/principal.ts";
import { type EndSentence, endSentence } from "@/lib/contract/end-sentence.ts";
import { SET_UP_PAGE, wayBack } from "@/lib/contract/next-path.ts";
import { readCookies } from "@/lib/http/request/cookies.ts";
import { requestDevice } from "@/lib/http/request/request-device.ts";
import { ROTATE_HEADER } from "./rotate-header.ts";

const ACCOUNT_DELETED: EndSentence = { start: "Your account is deleted.", at: null, rest: "" };

/** Who opens a page, asked of the database once for each rendering; null for a visitor. */
export const pagePrincipal = cache(async (): Promise<Principal | null> => {
  const app = await runningApp();
  const { access } = readCookies((await headers()).get("cookie"), app.settings);
  if (access === null) return null;
  const caller = await authenticate({ app, now: app.clock.now() }, access);
  return caller.kind === "authenticated" ? caller.principal : null;
});

/**
 * For pages that need a log-in: the principal, or off to `/login`, which leads back to `path` with `query`. Whoever must
 * set up a strong factor first is led there.
 */
export async function requirePagePrincipal(
  path: string,
  query = new URLSearchParams(),
): Promise<LoggedInCall> {
  const principal = await pagePrincipal();
  if (!principal) redirect(`/login?next=${encodeURIComponent(wayBack(path, query))}`);
  const app = await runningApp();
  const mustSetUp = requireSetUp(app, principal.user, path.startsWith("/admin"));
  if (mustSetUp && path !== SET_UP_PAGE) redirect(SET_UP_PAGE);
  return {
    app,
    principal,
    device: requestDevice(await headers(), undefined, app.settings),
    now: app.clock.now(),
  };
}

/** For pages that only admins see, by what the database says now; for anybody else there is no such page. */
export async function requirePageAdmin(
  path: string,
  query?: URLSearchParams,
): ReturnType<typeof requirePagePrincipal> {
  const opened = await requirePagePrincipal(path, query);
  if (requireAdmin(opened.principal)) notFound();
  return opened;
}

/** The id of the trusted device that this browser is for a person, or null. Its secret stays on the server. */
export async function trustedDeviceHere({ user }: Principal): Promise<string | null> {
  const app = await runningApp();
  const { device } = readCookies((await headers()).get("cookie"), app.settings);
  return device === null ? null : recognizeDevice(app.db, user.id, device, app.clock.now());
}

/** Why this browser is not logged in any more, as a sentence, and what time it is; null for a visitor. */
export async function whyLoggedOut(): Promise<{ sentence: EndSentence; now: Date } | null> {
  const app = await runningApp();
  const now = app.clock.now();
  const { refresh, ended } = readCookies((await headers()).get("cookie"), app.settings);
  const end = refresh === null ? null : await explainEnd({ app, now }, refresh);
  if (end) return { sentence: endSentence(end), now };
  if (ended === "account_deleted") return { sentence: ACCOUNT_DELETED, now };
  if (ended !== "logged_out") return null;
  return { sentence: endSentence({ reason: ended, at: null, from: null }), now };
}

/** The session that this page's scripts should rotate, since the page itself only renewed its access; null for none. */
export async function sessionToRotate(): Promise<string | null> {
  return (await headers()).get(ROTATE_HEADER);
}

/** What waits for its code in this browser, a log-in or a registration; `none` where nothing was begun. */
export const waitingProof = cache(async (purpose: "log-in" | "register"): Promise<WaitingProof> => {
  const app = await runningApp();
  const { challenge } = readCookies((await headers()).get("cookie"), app.settings);
  if (challenge === null) return { kind: "none" };
  return describeChallenge({ app, now: app.clock.now() }, { secret: challenge, purpose });
});
