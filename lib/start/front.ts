import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One of the two lanes: says whether it took the request. */
export type Lane = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

const FINISH_WITHIN_MS = 10_000;

/**
 * The server in front: the API lane first, Next for the rest. `close` stops listening, lets open requests finish
 * and then ends; connections that are kept alive without a request are closed at once.
 */
export function createFront(apiLane: Lane, pages: Lane): { server: Server; close(): Promise<void> } {
  let closing = false;
  const server = createServer((incoming, outgoing) => {
    if (closing) outgoing.shouldKeepAlive = false;
    if (!apiLane(incoming, outgoing)) pages(incoming, outgoing);
  });
  server.keepAliveTimeout = 65_000;

  async function close() {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const late = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }

  return { server, close };
}
