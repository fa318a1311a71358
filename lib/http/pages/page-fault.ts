import type { ServerResponse } from "node:http";
import { logFault } from "@/lib/http/answer/log-fault.ts";
import { BUSY_RETRY_AFTER_SECONDS } from "@/lib/http/answer/respond.ts";

/** The answers that are under way, by request id. Next loads this module several times, so they are on `globalThis`. */
const slot = globalThis as typeof globalThis & { keyturnPages?: Map<string, ServerResponse> };
slot.keyturnPages ??= new Map();
const pages = slot.keyturnPages;

/** Keeps an answer where `notePageFault` finds it, until it is over. */
export function followPage(requestId: string, outgoing: ServerResponse): void {
  pages.set(requestId, outgoing);
  outgoing.once("close", () => pages.delete(requestId));
}

/**
 * Logs why a page could not be made, as it is logged for a call. Next answers 500 whatever broke: where it is only that
 * the database is away, this makes it 503 with `Retry-After`.
 *
 * @param where the page's name among the routes, and the id of its request
 */
export function notePageFault(error: unknown, where: { page: string; requestId: string }): void {
  const fault = logFault(error, where);
  const outgoing = pages.get(where.requestId);
  if (fault?.away && outgoing && !outgoing.headersSent) answerLater(outgoing);
}

function answerLater(outgoing: ServerResponse): void {
  const writeHead = outgoing.writeHead.bind(outgoing) as (...head: unknown[]) => ServerResponse;
  outgoing.writeHead = (status: number, ...rest: unknown[]) => {
    if (status === 500) outgoing.setHeader("retry-after", String(BUSY_RETRY_AFTER_SECONDS));
    return writeHead(status === 500 ? 503 : status, ...rest);
  };
}
