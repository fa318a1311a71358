import type { IncomingMessage, ServerResponse } from "node:http";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { AnsweredRequest } from "@/lib/base/log.ts";
import { REQUEST_ID } from "@/lib/http/answer/headers.ts";
import { followPage } from "@/lib/http/pages/page-fault.ts";
import { SOCKET_ADDRESS } from "@/lib/http/request/request-device.ts";
import { GONE_STATUS } from "./api-lane.ts";
import type { RouteTable } from "./route-table.ts";

const BUILT_FILES = "/_next/";
/** Next breaks at any other, such as TRACE. */
const FRAMEWORK_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Hands everything to Next, and gives each answer a request id and `headers`, where Next sets none of its own.
 *
 * @param patterns names what is asked for; whatever is no page is `other`, so that nobody can make up names
 * @param observe told of every request once it is answered
 */
export function createPagesLane(
  toNext: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
  {
    patterns,
    headers,
    observe,
  }: {
    patterns: RouteTable<null>;
    headers: Record<string, string>;
    observe: (request: AnsweredRequest) => void;
  },
) {
  const always = Object.entries(headers);
  return function serve(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const arrivedMs = performance.now();
    const { method = "GET", url = "/" } = incoming;
    const route = nameRoute(url.split("?", 1)[0] ?? "", patterns);
    const requestId = randomUUID();
    incoming.headers[REQUEST_ID] = requestId;
    incoming.headers[SOCKET_ADDRESS] = incoming.socket.remoteAddress ?? "";
    outgoing.setHeader(REQUEST_ID, requestId);
    followPage(requestId, outgoing);
    for (const [name, value] of always) outgoing.setHeader(name, value);
    outgoing.once("close", () => {
      const status = outgoing.writableFinished ? outgoing.statusCode : GONE_STATUS;
      observe({
        requestId: String(outgoing.getHeader(REQUEST_ID)),
        lane: "pages",
        method,
        route,
        status,
        milliseconds: performance.now() - arrivedMs,
      });
    });
    if (FRAMEWORK_METHODS.has(method)) void toNext(incoming, outgoing);
    else outgoing.writeHead(405, { allow: "GET, HEAD, POST" }).end();
    return true;
  };
}

function nameRoute(path: string, patterns: RouteTable<null>): string {
  if (path.startsWith(BUILT_FILES)) return BUILT_FILES;
  return patterns.match(path)?.pattern ?? "other";
}
