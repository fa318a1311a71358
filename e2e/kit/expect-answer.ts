import { expect } from "@playwright/test";
import type { Answer } from "./http.ts";

export const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
export const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A pair of tokens, and nothing beside it. */
export const PAIR = { access: expect.stringMatching(JWT), refresh: expect.stringMatching(JWT) };

/** The answer has this status and exactly this body, and what every answer of the API has (contract §2). */
export function expectAnswer(answer: Answer, status: number, body: unknown): void {
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
  expectConventions(answer);
}

/** What the contract's §2 promises of every answer under /api. */
export function expectConventions(answer: Answer): void {
  expect(conventions(answer)).toEqual(PROMISED);
}

/** What is wrong with an answer, for tests of so many that `expect` would take longer than they do. */
export function complaint(answer: Answer, statuses: readonly number[]): string | undefined {
  const kept = conventions(answer);
  const wrong = Object.entries(PROMISED).filter(([name, promised]) => kept[name] !== promised);
  if (statuses.includes(answer.status) && wrong.length === 0) return undefined;
  return `${answer.status} ${answer.text.slice(0, 200)} ${wrong.map(([name]) => name).join(" ")}`;
}

const PROMISED: Record<string, unknown> = {
  cacheControl: "no-store",
  sniffing: "nosniff",
  hasRequestId: true,
  hasRightType: true,
  hasRightChallenge: true,
  namesNoSoftware: true,
};

function conventions({ status, headers }: Answer): Record<string, unknown> {
  return {
    cacheControl: headers["cache-control"],
    sniffing: headers["x-content-type-options"],
    hasRequestId: UUID.test(String(headers["x-request-id"])),
    hasRightType: headers["content-type"] === (status === 204 ? undefined : "application/json"),
    hasRightChallenge: headers["www-authenticate"] === (status === 401 ? 'Bearer realm="api"' : undefined),
    namesNoSoftware: !("x-powered-by" in headers || "server" in headers),
  };
}

/** The body of a refused token (contract §3 "Tokens"). */
export function refused(detail: string, reason?: string) {
  return { detail, code: "token_not_valid", ...(reason && { reason }) };
}

/** The body of a refused Bearer token (contract §2). */
export function bearerRefused(message: string, reason?: string) {
  return {
    detail: "Given token not valid for any token type",
    code: "token_not_valid",
    messages: [{ token_class: "AccessToken", token_type: "access", message }],
    ...(reason && { reason }),
  };
}
