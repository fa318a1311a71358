import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { randomUUID } from "@/lib/base/crypto.ts";
import { REQUEST_ID } from "@/lib/http/answer/headers.ts";
import { failureAnswer } from "@/lib/http/answer/respond.ts";
import { failure } from "../contract/errors.ts";

const NO_PLAIN_PATH = failureAnswer(failure("bad_request", "The request's path is not plain."));
const NO_REQUEST = failureAnswer(failure("bad_request", "This is not a request that HTTP knows."));
const TOO_MUCH = { ...failureAnswer(failure("headers_too_large")) };

/** Answers a request whose path is not plain, before either lane reads it. */
export function refusePath(_incoming: IncomingMessage, outgoing: ServerResponse): void {
  const text = JSON.stringify(NO_PLAIN_PATH.body);
  outgoing.writeHead(NO_PLAIN_PATH.status, { ...headersOf(text), connection: "close" }).end(text);
}

/**
 * Answers what Node's parser could not read, with the sentence that any other refusal has: too many headers, or no
 * request at all. A connection that is gone, or on which an answer has begun, is only closed.
 */
export function refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (
    error.code === "ECONNRESET" ||
    !socket.writable ||
    ("bytesWritten" in socket && Number(socket.bytesWritten) > 0)
  ) {
    socket.destroy();
    return;
  }
  const { status, body } = error.code === "HPE_HEADER_OVERFLOW" ? TOO_MUCH : NO_REQUEST;
  const text = JSON.stringify(body);
  const lines = Object.entries({ ...headersOf(text), connection: "close" }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join("\r\n")}\r\n\r\n${text}`);
}

const REASONS: Record<number, string> = { 400: "Bad Request", 431: "Request Header Fields Too Large" };

function headersOf(text: string): Record<string, string> {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    [REQUEST_ID]: randomUUID(),
  };
}
