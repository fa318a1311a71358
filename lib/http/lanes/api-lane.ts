import type { IncomingMessage, ServerResponse } from "node:http";
import { randomUUID } from "@/lib/base/crypto.ts";
import type { AnsweredRequest } from "@/lib/base/log.ts";
import { REQUEST_ID } from "@/lib/http/answer/headers.ts";
import type { WireAnswer } from "@/lib/http/answer/to-response.ts";
import type { Handler } from "@/lib/http/routes/handler.ts";
import type { RouteTable } from "./route-table.ts";

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
    void answer(incoming, outgoing, { method, url, params: match.params, wire: handler.wire }, note);
    return true;
  };
}

type Asked = { method: string; url: string; params: Record<string, string>; wire: Handler["wire"] };

/** Answers one request, and notes it; a caller who went away gets nothing more. */
async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { method, url, params, wire }: Asked,
  note: (requestId: string, status: number) => void,
): Promise<void> {
  try {
    const body = bringsBody(method, incoming) ? await readAtMost(incoming) : null;
    const headers = { get: (name: string) => headerText(incoming.headers[name]) };
    const socketAddress = incoming.socket.remoteAddress ?? "";
    const made = await wire({ method, url, headers, body }, { params, socketAddress });
    write(incoming, outgoing, made);
    note(String(made.headers[REQUEST_ID]), made.status);
  } catch {
    outgoing.destroy();
    note(randomUUID(), GONE_STATUS);
  }
}

/** A request has a body where its head says so (RFC 9112 §6.3); that of a read counts for nothing. */
function bringsBody(method: string, { headers }: IncomingMessage): boolean {
  if (NO_BODY.has(method)) return false;
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
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
