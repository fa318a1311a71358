import { showUserInfo } from "@/lib/auth/applications/show-user-info.ts";
import { oauthError, oauthFailure } from "@/lib/http/answer/oauth-answer.ts";
import type { Answer } from "@/lib/http/answer/respond.ts";
import { bearerToken } from "@/lib/http/request/credentials.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import { readerOf } from "./client-route.ts";

/** Who is logged in, for an application that shows an access token (OpenID Connect Core §5.3, RFC 6750 §3). */
export async function answerUserInfo(edge: Edge): Promise<Answer> {
  const token = bearerToken(edge.request.headers.get("authorization"));
  if (token === null)
    return challenge(oauthError("invalid_token", "An access token is required.", 401), "Bearer");
  const shown = await showUserInfo(edge, token);
  if (shown.kind === "insufficient-scope")
    return challenge(
      oauthError("insufficient_scope", "The scope openid is needed.", 403),
      bearerError("insufficient_scope"),
    );
  if (shown.kind === "failure") {
    if (shown.code !== "token_not_valid") return oauthFailure(shown);
    return challenge(
      oauthError("invalid_token", "The access token opens nothing.", 401),
      bearerError("invalid_token"),
    );
  }
  return { status: 200, body: shown.body, readableBy: readerOf(shown.application, edge) };
}

function bearerError(error: string): string {
  return `Bearer error="${error}"`;
}

/** A page of some application's may learn why it is refused, as it may learn by any token that opens nothing. */
function challenge(answer: Answer, authenticate: string): Answer {
  return { ...answer, headers: { "www-authenticate": authenticate } };
}
