import type { IncomingMessage, ServerResponse } from "node:http";
import { randomUUID } from "@/lib/crypto.ts";
import type { AnsweredRequest } from "@/lib/metrics.ts";
import { REQUEST_ID } from "./headers.ts";
import type { EdgeRequest } from "./read-body.ts";
import type { RouteTable } from "./route-table.ts";
import type { WireAnswer } from "./to-response.ts";

const NO_BODY = new Set(["GET", "HEAD", "OPTIONS"]);
/** Kept of a body at most: one byte more than handlers accept, so that they see it is too large. */
const KEPT_BYTES = 64 * 1024 + 1;
/** What is noted of a request whose caller went away before there was an answer. */
export const GONE_STATUS = 499;
/** A body this long is not even drained to its end: the answer comes now, and the connection closes. */
const DRAINED_BYTES = 16 * 1024 * 1024;

/**
 * Serves the API straight from `node:http`, by the very handlers that Next would call: the framework would cost
 * three times what they do (docs/decisions/0002-two-lanes.md).
 *
 * Returns false, having touched nothing, for a path that is not in the table.
 *
 * @param observe told of every request once it is answered
 */
export function createApiLane(table: RouteTable, observe: (request: AnsweredRequest) => void) {
  return function serve(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    const url = incoming.url ?? "/";
    const queryAt = url.indexOf("?");
    const match = table.match(queryAt < 0 ? url : url.slice(0, queryAt));
    if (!match) return false;
    const method = incoming.method ?? "GET";
    const handler = match.module[method] ?? match.module.OPTIONS;
    if (!handler) return false;
    const arrivedMs = performance.now();
    const note = (requestId: string, status: number) => {
      const milliseconds = performance.now() - arrivedMs;
      observe({ requestId, lane: "api", method, route: match.pattern, status, milliseconds });
    };
    toRequest(incoming, method, url)
      .then((request) =>
        handler.wire(request, { params: Promise.resolve(match.params), ...socketAddress(incoming) }),
      )
      .then((answer) => {
        write(incoming, outgoing, answer);
        note(String(answer.headers[REQUEST_ID]), answer.status);
      })
      .catch(() => {
        outgoing.destroy();
        note(randomUUID(), GONE_STATUS);
      });
    return true;
  };
}

function socketAddress({ socket }: IncomingMessage) {
  return socket.remoteAddress === undefined ? {} : { socketAddress: socket.remoteAddress };
}

async function toRequest(incoming: IncomingMessage, method: string, url: string): Promise<EdgeRequest> {
  const body = NO_BODY.has(method) ? null : await readAtMost(incoming);
  return {
    method,
    url,
    headers: { get: (name) => headerText(incoming.headers[name]) },
    body,
  };
}

function headerText(value: string | string[] | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "string" ? value : value.join(", ");
}

function readAtMost(incoming: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    incoming.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length - chunk.length < KEPT_BYTES) chunks.push(chunk);
      if (length <= DRAINED_BYTES) return;
      incoming.pause();
      finish();
    });
    incoming.on("end", finish);
    incoming.on("error", reject);
    incoming.on("close", () => {
      if (!incoming.complete) reject(new Error("the client went away"));
    });
  });
}

function write(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, text, headers }: WireAnswer,
): void {
  if (!incoming.complete) outgoing.shouldKeepAlive = false;
  if (status !== 204) headers["content-length"] = String(text === null ? 0 : Buffer.byteLength(text));
  outgoing.writeHead(status, headers);
  outgoing.end(incoming.method === "HEAD" || text === null ? undefined : text);
}
