import { renewAccess } from "@/lib/auth/rotation/access-for-page.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { tokenCookies } from "@/lib/http/answer/deliver.ts";
import { clearCookies } from "@/lib/http/request/cookies.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import { isRetryKey } from "./with-refresh-token.ts";

/** Who opens an address of ours in a browser, and the cookies that keep them logged in. */
export type BrowserCaller = { principal: Principal | null; cookies: string[] };

/**
 * Who is logged in to a browser that is led here: by its cookies alone, whoever led it, for a navigation changes nothing
 * of theirs. Where only the refresh token is left, its access is renewed as for a page.
 */
export async function browserCaller({ app, now, device, cookies }: Edge): Promise<BrowserCaller> {
  const held = cookies.access === null ? null : await authenticate({ app, now }, cookies.access);
  if (held?.kind === "authenticated") return { principal: held.principal, cookies: [] };
  if (cookies.refresh === null) return { principal: null, cookies: [] };
  const retryKey = cookies.retry !== null && isRetryKey(cookies.retry) ? cookies.retry : null;
  const renewed = await renewAccess({ app, now }, { token: cookies.refresh, retryKey, device });
  if (renewed.kind === "failure") return { principal: null, cookies: [] };
  const caller = await authenticate({ app, now }, renewed.tokens.access);
  if (caller.kind === "failure") return { principal: null, cookies: [] };
  const settled = renewed.tokens.refresh ? clearCookies(["retry"], app.settings) : [];
  return { principal: caller.principal, cookies: [...tokenCookies(renewed, app.settings, now), ...settled] };
}
