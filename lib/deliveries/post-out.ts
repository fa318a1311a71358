import { lookup as lookUp } from "node:dns/promises";
import { request as requestByHttp } from "node:http";
import { request as requestByHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { version } from "@/lib/base/version.ts";
import { isPublicAddress, literalAddress } from "./public-address.ts";

const TIME_LIMIT_MS = 10_000;
const ANSWER_MAX_BYTES = 16 * 1024;

/** What is sent: a body of this type, with these headers besides. */
export type Post = { type: string; headers?: Record<string, string>; body: string };

/** Every address of a host name. */
type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;

type Limits = {
  /** Whether it may go to this machine and its private networks. */
  allowPrivate: boolean;
  resolve?: Resolve;
  timeLimitMs?: number;
};

export type Answered = { kind: "answered"; status: number } | { kind: "unanswered"; why: string };

class PrivateAddress extends Error {}

/**
 * Posts to an address that an operator entered: the one way out of this process over HTTP, but for mail. Nobody is
 * followed elsewhere: a redirect is an answer like any other. The name is resolved for this very connection, and refused
 * where any of its addresses is not public; certificates are verified, a proxy of the environment is not used. It takes
 * ten seconds at most, reads no more than 16 KiB of the answer, and says in words why there was none.
 */
export function postOut(
  address: string,
  { type, headers, body }: Post,
  { allowPrivate, resolve = resolveAll, timeLimitMs = TIME_LIMIT_MS }: Limits,
): Promise<Answered> {
  const url = new URL(address);
  const literal = literalAddress(url);
  if (literal && !allowPrivate && !isPublicAddress(literal)) return Promise.resolve(NOT_PUBLIC);
  const request = url.protocol === "https:" ? requestByHttps : requestByHttp;
  return new Promise((settle) => {
    const signal = AbortSignal.timeout(timeLimitMs);
    const outgoing = request(url, {
      method: "POST",
      agent: false,
      lookup: checkedLookup(resolve, allowPrivate),
      rejectUnauthorized: true,
      maxHeaderSize: ANSWER_MAX_BYTES,
      signal,
      headers: {
        "content-type": type,
        "content-length": Buffer.byteLength(body),
        "user-agent": `Keyturn/${version}`,
        accept: "*/*",
        ...headers,
      },
    });
    outgoing.on("response", (incoming) => {
      let read = 0;
      incoming.on("data", (chunk: Buffer) => {
        read += chunk.length;
        if (read > ANSWER_MAX_BYTES) outgoing.destroy();
      });
      incoming.on("error", () => {});
      settle({ kind: "answered", status: incoming.statusCode ?? 0 });
    });
    outgoing.on("error", (error) => {
      settle(signal.aborted ? lateAfter(timeLimitMs) : { kind: "unanswered", why: whyNot(error) });
    });
    outgoing.end(body);
  });
}

/** Hands a connection none but addresses that may be reached, all of them looked at. */
function checkedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        if (!first) return done(Object.assign(new Error(), { code: "ENOTFOUND" }), "", 4);
        if (!allowPrivate && !found.every(({ address }) => isPublicAddress(address)))
          return done(new PrivateAddress(), "", 4);
        return options.all ? done(null, found) : done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, "", 4),
    );
  };
}

function resolveAll(hostname: string) {
  return lookUp(hostname, { all: true });
}

const NOT_PUBLIC: Answered = { kind: "unanswered", why: "its address is not a public one" };

function lateAfter(timeLimitMs: number): Answered {
  return { kind: "unanswered", why: `no answer within ${timeLimitMs / 1000} seconds` };
}

const WORDS: Record<string, string> = {
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name could not be looked up",
  ECONNREFUSED: "nobody takes connections there",
  ECONNRESET: "the connection broke off",
  EPIPE: "the connection broke off",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: "no connection came about",
};

/** In words of ours, never in those of the other side; the code alone where there are none. */
function whyNot(error: NodeJS.ErrnoException): string {
  if (error instanceof PrivateAddress) return "its address is not a public one";
  const { code = "" } = error;
  if (WORDS[code]) return WORDS[code];
  return /^[A-Z0-9_]{1,64}$/.test(code) ? `it failed (${code})` : "it failed";
}
