import { failure } from "@/lib/contract/errors.ts";
import { type Answer, failureAnswer } from "@/lib/http/answer/respond.ts";
import type { Edge } from "@/lib/http/request/edge.ts";

/** The tokens that a caller holds; null for one that did not come. */
export type OwnTokens = { access: string | null; refresh: string | null };

/** Gives a handler the caller's tokens, by header or cookie; with cookies from our own pages only. */
export function withOwnTokens(handle: (tokens: OwnTokens, edge: Edge) => Promise<Answer>) {
  return async (_input: unknown, edge: Edge): Promise<Answer> => {
    const { credentials, cookies, fromOwnPage } = edge;
    const access = credentials.kind === "token" ? credentials.token : null;
    const byHeader = credentials.kind === "token" && credentials.from === "header";
    const refresh = byHeader ? null : cookies.refresh;
    const ridesOnCookie = !byHeader && (access !== null || refresh !== null);
    if (ridesOnCookie && !fromOwnPage) return failureAnswer(failure("csrf_failed"));
    return handle({ access, refresh }, edge);
  };
}
