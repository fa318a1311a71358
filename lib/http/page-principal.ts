import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import type { App } from "@/lib/app.ts";
import { authenticate } from "@/lib/auth/authenticate.ts";
import { requireAdmin } from "@/lib/auth/authorize.ts";
import { describeChallenge, type WaitingProof } from "@/lib/auth/describe-challenge.ts";
import { explainEnd } from "@/lib/auth/explain-end.ts";
import type { Principal } from "@/lib/auth/principal.ts";
import { recognizeDevice } from "@/lib/auth/trust-device.ts";
import { type EndSentence, endSentence } from "@/lib/contract/end-sentence.ts";
import { wayBack } from "@/lib/contract/next-path.ts";
import { runningApp } from "@/lib/running-app.ts";
import { readCookies } from "./cookies.ts";
import { TURN_HEADER } from "./turn-header.ts";

const ACCOUNT_DELETED: EndSentence = { start: "Your account is deleted.", at: null, rest: "" };

/** Who opens a page, asked of the database once for each rendering; null for a visitor. */
export const pagePrincipal = cache(async (): Promise<Principal | null> => {
  const app = await runningApp();
  const { access } = readCookies((await headers()).get("cookie"), app.settings);
  if (access === null) return null;
  const caller = await authenticate(app, access, app.clock.now());
  return caller.kind === "authenticated" ? caller.principal : null;
});

/** For pages that need a log-in: the principal, or off to `/login`, which leads back to `path` with `query`. */
export async function requirePagePrincipal(
  path: string,
  query = new URLSearchParams(),
): Promise<{ app: App; principal: Principal; now: Date }> {
  const principal = await pagePrincipal();
  if (!principal) redirect(`/login?next=${encodeURIComponent(wayBack(path, query))}`);
  const app = await runningApp();
  return { app, principal, now: app.clock.now() };
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
  const end = refresh === null ? null : await explainEnd(app, refresh, now);
  if (end) return { sentence: endSentence(end), now };
  if (ended === "account_deleted") return { sentence: ACCOUNT_DELETED, now };
  if (ended !== "logged_out") return null;
  return { sentence: endSentence({ reason: ended, at: null, from: null }), now };
}

/** The session that this page's scripts should turn, since the page itself only renewed its access; null for none. */
export async function sessionToTurn(): Promise<string | null> {
  return (await headers()).get(TURN_HEADER);
}

/** What waits for its code in this browser, a log-in or a registration; `none` where nothing was begun. */
export const waitingProof = cache(async (purpose: "log-in" | "register"): Promise<WaitingProof> => {
  const app = await runningApp();
  const { challenge } = readCookies((await headers()).get("cookie"), app.settings);
  if (challenge === null) return { kind: "none" };
  return describeChallenge(app, { secret: challenge, purpose }, app.clock.now());
});
