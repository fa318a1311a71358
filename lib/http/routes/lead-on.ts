import { type AskedLogIn, authorize } from "@/lib/auth/applications/authorize.ts";
import {
  type AuthorizationFault,
  type Parameters,
  readAuthorizationRequest,
} from "@/lib/auth/applications/read-authorization-request.ts";
import { findDestination } from "@/lib/auth/destinations/find-destination.ts";
import { keepDestination } from "@/lib/auth/destinations/keep-destination.ts";
import { SET_UP_PAGE } from "@/lib/contract/next-path.ts";
import { refusedPage } from "@/lib/http/answer/refused-page.ts";
import { type Answer, seeOther } from "@/lib/http/answer/respond.ts";
import { browserCookie } from "@/lib/http/request/cookies.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import { browserCaller } from "./browser-caller.ts";

/**
 * Answers an application's request for a log-in (RFC 6749 §4.1.1): a page of ours where nobody can be sent back, else
 * back with a fault, on with a code, or to a log-in first.
 */
export async function answerAuthorization(edge: Edge, parameters: Parameters): Promise<Answer> {
  const read = await readAuthorizationRequest(edge, parameters);
  if (read.kind !== "read") return refuse(edge, read);
  const { application, request } = read;
  return goOn(edge, { application, request, keptAt: null, id: null });
}

/** What is wrong with such a request, whoever brings it; null where nothing is. */
export async function refuseAuthorization(edge: Edge, parameters: Parameters): Promise<Answer | null> {
  const read = await readAuthorizationRequest(edge, parameters);
  return read.kind === "read" ? null : refuse(edge, read);
}

type Refused = Exclude<Awaited<ReturnType<typeof readAuthorizationRequest>>, { kind: "read" }>;

function refuse(edge: Edge, refused: Refused): Answer {
  return refused.kind === "refused" ? refusedPage(refused.why) : sendBack(edge, refused);
}

/** Leads a browser on to where it was going before its person logged in; to the log-in while they have not. */
export async function answerContinue(edge: Edge, id: string): Promise<Answer> {
  const found = await findDestination(edge, { id, browser: edge.cookies.browser });
  if (found?.kind === "log-in") return goOn(edge, found);
  const { principal, cookies } = await browserCaller(edge);
  return seeOther(found && principal ? found.address : `/login?to=${encodeURIComponent(id)}`, cookies);
}

/** @param asked with the id that it is kept under, where it is */
async function goOn(edge: Edge, asked: AskedLogIn & { id: string | null }): Promise<Answer> {
  const { request } = asked;
  const { principal, cookies } = await browserCaller(edge);
  const authorized = await authorize(edge, asked, principal);
  if (authorized.kind === "granted") {
    const { redirectUri, state } = request;
    return seeOther(addressed(edge, redirectUri, { code: authorized.code, state }), cookies);
  }
  if (authorized.kind === "refused") {
    const description = "Nobody may be asked, and somebody must be.";
    return sendBack(edge, { ...request, state: request.state, error: authorized.error, description });
  }
  const page = authorized.kind === "set-up-needed" ? SET_UP_PAGE : "/login";
  if (asked.id !== null) return seeOther(`${page}?to=${asked.id}`, cookies);
  const kept = await keepDestination(edge, { ...asked, kind: "log-in" }, edge.cookies.browser);
  if (kept.kind === "failure") {
    const description = "Too many log-ins were begun from here. Try again in a while.";
    return sendBack(edge, {
      ...request,
      state: request.state,
      error: "temporarily_unavailable",
      description,
    });
  }
  return seeOther(`${page}?to=${kept.id}`, [...cookies, browserCookie(kept.browser, edge.app.settings)]);
}

/** Says at the application's address why there is no code (RFC 6749 §4.1.2.1). */
function sendBack(
  edge: Edge,
  { redirectUri, state, error, description }: Omit<AuthorizationFault, "kind">,
): Answer {
  return seeOther(addressed(edge, redirectUri, { error, error_description: description, state }));
}

/** The application's address with an answer to it, which says who it is from (RFC 9207). */
function addressed({ app }: Edge, redirectUri: string, answer: Record<string, string | undefined>): string {
  const said = Object.entries({ ...answer, iss: app.settings.APP_URL }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return `${redirectUri}${redirectUri.includes("?") ? "&" : "?"}${new URLSearchParams(said)}`;
}
