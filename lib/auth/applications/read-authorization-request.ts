import { type Application, findApplication } from "@/db/queries/applications.ts";
import type { AuthorizationRequest } from "@/db/queries/challenges.ts";
import type { Moment } from "@/lib/app/call.ts";
import { isRegistered } from "@/lib/contract/applications.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { SCOPES } from "./person-claims.ts";

/** What an authorization request says; `repeated` are the names that stand more than once (RFC 6749 §3.1). */
export type Parameters = {
  values: Readonly<Record<string, string | undefined>>;
  repeated: readonly string[];
};

/** Why a request is answered at its own address: in the words of RFC 6749 §4.1.2.1. */
export type AuthorizationFault = {
  kind: "faulty";
  redirectUri: string;
  state: string | undefined;
  error: string;
  description: string;
};

type Read =
  | { kind: "refused"; why: "client" | "address" }
  | AuthorizationFault
  | { kind: "read"; application: Application; request: AuthorizationRequest };

const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;
const SECONDS = /^\d{1,9}$/;
const STATE_MAX_CHARACTERS = 4_096;
const NONCE_MAX_CHARACTERS = 1_024;
const UNSEEN = /\p{Cc}/u;

/**
 * Reads what an application asks of a browser (OAuth 2.1 §4.1.1, OpenID Connect Core §3.1.2.1).
 *
 * 1. no application of ours, or an address that it did not register → `refused`: nobody is sent anywhere
 * 2. anything else that can't be granted → `faulty`, with where to say so
 * 3. else → the request; scopes that we don't know are left out
 */
export async function readAuthorizationRequest({ app }: Moment, asked: Parameters): Promise<Read> {
  const { values, repeated } = asked;
  const { client_id: clientId, redirect_uri: redirectUri, state } = values;
  const named = clientId !== undefined && !repeated.includes("client_id");
  const application = named ? await findApplication(app.db, clientId) : undefined;
  if (!application) return { kind: "refused", why: "client" };
  const known = redirectUri !== undefined && !repeated.includes("redirect_uri");
  if (!known || !isRegistered(redirectUri, application.redirectAddresses))
    return { kind: "refused", why: "address" };
  const fault = findFault(asked);
  if (fault) return { kind: "faulty", redirectUri, state: readableState(state), ...fault };
  return { kind: "read", application, request: { ...toRequest(values), redirectUri } };
}

type Fault = { error: string; description: string };

function findFault({ values, repeated }: Parameters): Fault | null {
  const invalid = (description: string) => ({ error: "invalid_request", description });
  const [twice] = repeated;
  if (twice !== undefined) return invalid("A parameter stands twice.");
  if (values.request !== undefined)
    return { error: "request_not_supported", description: "request is not supported." };
  if (values.request_uri !== undefined)
    return { error: "request_uri_not_supported", description: "request_uri is not supported." };
  if (values.response_type === undefined) return invalid("response_type is required.");
  if (values.response_type !== "code")
    return { error: "unsupported_response_type", description: "response_type must be code." };
  if ((values.response_mode ?? "query") !== "query") return invalid("response_mode must be query.");
  if (values.code_challenge === undefined) return invalid("code_challenge is required (RFC 7636).");
  if (values.code_challenge_method !== "S256") return invalid("code_challenge_method must be S256.");
  if (!CHALLENGE.test(values.code_challenge)) return invalid("code_challenge must have 43 characters.");
  if (!isReadable(values.state, STATE_MAX_CHARACTERS))
    return invalid("state is too long, or has control characters.");
  if (!isReadable(values.nonce, NONCE_MAX_CHARACTERS))
    return invalid("nonce is too long, or has control characters.");
  if (!["none", "login", undefined].includes(values.prompt || undefined))
    return invalid("prompt must be none or login.");
  if (!SECONDS.test(values.max_age || "0")) return invalid("max_age must be a number of seconds.");
  return null;
}

function toRequest(values: Parameters["values"]): Omit<AuthorizationRequest, "redirectUri"> {
  const asked = (values.scope ?? "").split(" ");
  const { prompt, max_age: maxAge, login_hint: hint } = values;
  return {
    codeChallenge: values.code_challenge ?? "",
    scope: SCOPES.filter((scope) => asked.includes(scope)).join(" "),
    state: values.state,
    nonce: values.nonce,
    prompt: prompt === "none" || prompt === "login" ? prompt : undefined,
    maxAgeSeconds: maxAge ? Number(maxAge) : undefined,
    loginHint: (hint && parseEmailAddress(hint)) || undefined,
  };
}

function isReadable(text: string | undefined, mostCharacters: number): boolean {
  return text === undefined || (text.length <= mostCharacters && !UNSEEN.test(text));
}

/** A state that can be given back with a fault. */
function readableState(state: string | undefined): string | undefined {
  return isReadable(state, STATE_MAX_CHARACTERS) ? state : undefined;
}
