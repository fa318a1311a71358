import type { RotatedSession } from "@/db/queries/rotate-session.ts";
import { ENDED_COOKIE_KEPT_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import type { CodeNeeded } from "@/lib/auth/log-in/log-in.ts";
import { describeLogIn } from "@/lib/auth/sessions/describe-log-in.ts";
import { replaceSession } from "@/lib/auth/sessions/replace-session.ts";
import { type Failure, failure, type InvalidFields } from "@/lib/contract/errors.ts";
import { clearCookies, deletedCookies, deviceCookie, setCookie } from "@/lib/http/request/cookies.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { tokenEnd } from "@/lib/tokens/session-tokens.ts";
import { askForProof, remember } from "./ask-for-proof.ts";
import { type Answer, failureAnswer, respond } from "./respond.ts";

/** What a call hands out. */
export type Delivered = {
  kind: "logged-in" | "refreshed" | "stepped-up";
  session: RotatedSession;
  tokens: { access: string; refresh?: string };
  deviceToken?: string | null;
};

export type Delivery = "json" | "cookie";

/**
 * How a call's tokens travel: as the client asks with `X-Token-Delivery`. Cookies are only given to our own pages, so
 * that no other site can log a person in as somebody else (`csrf_failed`).
 */
function chooseDelivery(
  edge: Edge,
  cameBy: Delivery = "json",
): { kind: "chosen"; delivery: Delivery } | Failure {
  const asked = edge.device.delivery === "cookie" ? "cookie" : cameBy;
  return asked === "json" || edge.fromOwnPage ? { kind: "chosen", delivery: asked } : failure("csrf_failed");
}

/**
 * Hands out what a verb gave: tokens in the body, or as cookies with a body that says who is logged in.
 *
 * @param act calls the verb, told where the client keeps its trusted-device secret
 */
export async function deliver(
  edge: Edge,
  act: (client: {
    deviceToken: string | undefined;
  }) => Promise<Delivered | CodeNeeded | Failure | InvalidFields>,
  {
    cameBy = "json",
    deviceToken,
    status = 200,
  }: { cameBy?: Delivery; deviceToken?: string | undefined; status?: 200 | 201 } = {},
): Promise<Answer> {
  const chosen = chooseDelivery(edge, cameBy);
  if (chosen.kind === "failure") return failureAnswer(chosen);
  const outcome = await act({
    deviceToken: chosen.delivery === "cookie" ? (edge.cookies.device ?? undefined) : deviceToken,
  });
  if (outcome.kind === "two-factor-required") return askForProof(edge, chosen.delivery, outcome);
  if (outcome.kind === "failure" || outcome.kind === "invalid-fields")
    return refuse(edge, chosen.delivery, outcome);
  return chosen.delivery === "json" ? { status, body: inBody(outcome) } : inCookies(edge, outcome, status);
}

/**
 * Answers with a challenge that a code completes. A client that asks for cookies gets it as one too, so that its page
 * of codes survives a reload.
 */
export async function deliverChallenge(
  edge: Edge,
  act: () => Promise<{ kind: "sent"; challenge: { challenge: string } } | Failure | InvalidFields>,
): Promise<Answer> {
  const chosen = chooseDelivery(edge);
  if (chosen.kind === "failure") return failureAnswer(chosen);
  const outcome = await act();
  const answer = respond(outcome, ({ challenge }) => challenge, 202);
  if (outcome.kind !== "sent") return answer;
  return remember(edge, chosen.delivery, answer, outcome.challenge.challenge);
}

function inBody({ tokens, deviceToken }: Delivered) {
  return deviceToken ? { ...tokens, device_token: deviceToken } : tokens;
}

async function inCookies(edge: Edge, delivered: Delivered, status: 200 | 201): Promise<Answer> {
  const { app, cookies: held, device, now } = edge;
  const described = await describeLogIn(app, delivered.session);
  if (described.kind === "failure") return refuse(edge, "cookie", described);
  const { kind: _, ...body } = described;
  if (delivered.kind === "logged-in" && held.refresh !== null)
    await replaceSession({ app, device, now }, { token: held.refresh, by: delivered.session });
  const settled = (["retry", "ended"] as const).filter((kind) => held[kind] !== null);
  const cookies = [...tokenCookies(delivered, app.settings, now), ...clearCookies(settled, app.settings)];
  return { status, body, cookies };
}

/**
 * The `Set-Cookie` lines of what was handed out. Each cookie lives as long as what it holds; that of the refresh token
 * a little longer, so that the log-in page can say why it is asked for.
 */
export function tokenCookies(
  { kind, session, tokens, deviceToken }: Delivered,
  settings: Settings,
  now: Date,
): string[] {
  const secondsUntil = (end: Date) => (end.getTime() - now.getTime()) / 1000;
  const secondsLeft = secondsUntil(session.idleExpiresAt);
  const accessSeconds = Math.min(Math.ceil(secondsUntil(tokenEnd(tokens.access))), secondsLeft);
  const cookies = [setCookie("access", tokens.access, accessSeconds, settings)];
  if (tokens.refresh)
    cookies.push(setCookie("refresh", tokens.refresh, secondsLeft + ENDED_COOKIE_KEPT_SECONDS, settings));
  if (deviceToken) cookies.push(deviceCookie(deviceToken, settings));
  if (kind === "logged-in") cookies.push(setCookie("challenge", "", 0, settings));
  return cookies;
}

/** Where an account was deleted with its cookies at hand, a browser keeps none of them, and knows why. */
export function withoutCookies({ app, credentials }: Edge, answer: Answer): Answer {
  const byCookie = credentials.kind === "token" && credentials.from === "cookie";
  return answer.status === 204 && byCookie ? { ...answer, cookies: deletedCookies(app.settings) } : answer;
}

/**
 * What opens nothing any more is taken back; only the refresh token of a session that has ended stays, by which the
 * log-in page knows why.
 */
function refuse({ app }: Edge, delivery: Delivery, outcome: Failure | InvalidFields): Answer {
  const answer = respond(outcome, () => null);
  if (delivery === "json" || outcome.kind !== "failure") return answer;
  const { code, extra } = outcome;
  if (code !== "token_not_valid") return answer;
  const useless = extra?.reason ? (["access", "retry"] as const) : (["access", "refresh", "retry"] as const);
  return { ...answer, cookies: clearCookies([...useless], app.settings) };
}
