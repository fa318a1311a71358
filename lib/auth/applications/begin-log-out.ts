import { type Application, findApplication } from "@/db/queries/applications.ts";
import { findSession } from "@/db/queries/sessions.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { type HintedSession, readIdTokenHint } from "./read-id-token-hint.ts";

export type AskedLogOut = {
  hint: string | null;
  clientId: string | null;
  address: string | null;
};

type BegunLogOut = {
  /** Whether the browser's session ends at once, or its person is asked. */
  kind: "at-once" | "ask";
  application: Application | null;
  /** Where the browser goes afterwards; null for our own pages. */
  address: string | null;
};

/**
 * A browser asks to be logged out, sent by an application (OpenID Connect RP-Initiated Logout 1.0 §2).
 *
 * 1. a hint that we did not sign, or for another client than is named → it counts for nothing
 * 2. a hint of a session that this very browser opened, or nobody is logged in → at once
 * 3. else → the person is asked: any page can lead a browser here
 *
 * The address counts where a good hint or `client_id` names the application that registered it.
 */
export async function beginLogOut(
  call: Moment,
  { hint, clientId, address }: AskedLogOut,
  principal: Principal | null,
): Promise<BegunLogOut> {
  const { app } = call;
  const read = hint === null ? null : await readIdTokenHint(call, hint);
  const hinted = read && (clientId === null || clientId === read.clientId) ? read : null;
  const named = hinted?.clientId ?? (hint === null || read === null ? clientId : null);
  const application = named === null ? null : ((await findApplication(app.db, named)) ?? null);
  const registered = address !== null && application?.loggedOutAddresses.includes(address);
  const atOnce = !principal || (hinted !== null && (await openedHere(call, hinted, principal)));
  return { kind: atOnce ? "at-once" : "ask", application, address: registered ? address : null };
}

async function openedHere({ app }: Moment, hinted: HintedSession, { session, user }: Principal) {
  if (hinted.userId !== user.id) return false;
  const found = await findSession(app.db, { id: hinted.sessionId, userId: user.id });
  return found?.session.openedBy === session.id;
}
