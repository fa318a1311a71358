import { vi } from "vitest";

/** A call that a component made. */
type MadeCall = { call: string; body: unknown };

type ServerAnswer = { status: number; body?: unknown; headers?: Record<string, string> } | "no network";

/** What the server answers to the next calls, in this order; a call without an answer waits for ever. */
export type Answers = { made: MadeCall[]; next(...answers: ServerAnswer[]): void };

/** Stands in for the network under components. */
export function stubAnswers(): Answers {
  const made: MadeCall[] = [];
  const waiting: ServerAnswer[] = [];
  vi.stubGlobal("fetch", (path: string, { method, body }: RequestInit) => {
    made.push({ call: `${method} ${path}`, body: typeof body === "string" ? JSON.parse(body) : undefined });
    const answer = waiting.shift();
    if (answer === undefined) return new Promise(() => {});
    return answer === "no network" ? Promise.reject(new TypeError("no network")) : respond(answer);
  });
  return { made, next: (...answers) => void waiting.push(...answers) };
}

async function respond({ status, body, headers }: Exclude<ServerAnswer, string>): Promise<Response> {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    ...(headers && { headers }),
  });
}
