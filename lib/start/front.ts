import { createServer, type IncomingMessage, type Server, ServerResponse } from "node:http";
import { Server as Listener } from "node:net";
import { comesFromHere } from "./comes-from-here.ts";
import { refusePath, refuseUnread } from "./refuse-early.ts";
import { isPlainTarget } from "./request-target.ts";

/** One of the two lanes: says whether it took the request. */
export type Lane = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

const FINISH_WITHIN_MS = 10_000;
/** How long a connection that is kept alive may still bring a request that was on its way when the stop was asked for. */
const LINGER_MS = 500;

/**
 * The server in front: the API lane first, Next for the rest.
 *
 * `close` takes no more connections and drops no request: what arrives on open ones is still answered, each answer
 * says that it is the connection's last as soon as `nobodyListens`, and only connections that have brought nothing for
 * a while are cut.
 *
 * @param thisMachineOnly nobody else on the network is answered
 */
export function createFront(
  apiLane: Lane,
  pages: Lane,
  { thisMachineOnly }: { thisMachineOnly: boolean },
): { server: Server; close(nobodyListens: () => Promise<void>): Promise<void> } {
  let closing = false;
  const options = { ServerResponse: createAnswerClass(() => closing) };
  const server = createServer(options, (incoming, outgoing) => {
    if (!isPlainTarget(incoming.url ?? "")) return refusePath(incoming, outgoing);
    if (!apiLane(incoming, outgoing)) pages(incoming, outgoing);
  });
  server.on("clientError", refuseUnread);
  server.keepAliveTimeout = 65_000;
  if (thisMachineOnly) {
    server.on("connection", (socket) => {
      if (!comesFromHere(socket)) socket.destroy();
    });
  }

  async function close(nobodyListens: () => Promise<void>) {
    const closed = new Promise<void>((resolve) => {
      // `http.Server.close` would cut idle connections at once.
      Listener.prototype.close.call(server, () => resolve());
    });
    await nobodyListens();
    closing = true;
    const late = setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
    let idle: NodeJS.Timeout | undefined;
    const linger = setTimeout(() => {
      idle = setInterval(() => server.closeIdleConnections(), 50);
    }, LINGER_MS);
    await closed;
    for (const timer of [late, linger, idle]) clearTimeout(timer);
  }

  return { server, close };
}

/** Answers that tell the client, when their head is written, whether the connection goes on. */
function createAnswerClass(isLast: () => boolean): typeof ServerResponse {
  class Answer extends ServerResponse {
    wanted = true;
  }
  Object.defineProperty(Answer.prototype, "shouldKeepAlive", {
    get(this: Answer) {
      return this.wanted && !isLast();
    },
    set(this: Answer, wanted: boolean) {
      this.wanted = wanted;
    },
  });
  return Answer as typeof ServerResponse;
}
