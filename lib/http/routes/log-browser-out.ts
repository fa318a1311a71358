import { beginLogOut } from "@/lib/auth/applications/begin-log-out.ts";
import { keepDestination } from "@/lib/auth/destinations/keep-destination.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { type Answer, seeOther } from "@/lib/http/answer/respond.ts";
import { browserCookie, logOutCookies } from "@/lib/http/request/cookies.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import { browserCaller } from "./browser-caller.ts";

const AFTERWARDS = "/login";

/**
 * Logs a browser out that an application sent (OpenID Connect RP-Initiated Logout 1.0): at once, or on a page that asks
 * its person first. What is kept of the address meanwhile is kept here, not in the page's address.
 */
export async function answerLogOut(
  edge: Edge,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  const { app, cookies: held } = edge;
  const { principal, cookies } = await browserCaller(edge);
  const begun = await beginLogOut(
    edge,
    {
      hint: asked.id_token_hint ?? null,
      clientId: asked.client_id ?? null,
      address: asked.post_logout_redirect_uri ?? null,
    },
    principal,
  );
  const address = begun.address === null ? null : withState(begun.address, asked.state);
  if (begun.kind === "at-once") {
    await logOut(edge, { access: held.access, refresh: held.refresh });
    return seeOther(address ?? AFTERWARDS, principal ? logOutCookies(held, app.settings) : []);
  }
  if (address === null) return seeOther("/log-out", cookies);
  const kept = await keepDestination(edge, { kind: "address", address }, held.browser);
  if (kept.kind === "failure") return seeOther("/log-out", cookies);
  return seeOther(`/log-out?to=${kept.id}`, [...cookies, browserCookie(kept.browser, app.settings)]);
}

function withState(address: string, state: string | undefined): string {
  if (state === undefined) return address;
  return `${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams({ state })}`;
}
