import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";

/** @import { Agent, IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http" */
/** @import { Time } from "./time.js" */

/**
 * @typedef {{
 *   url: URL,
 *   timeoutMs: number,
 *   method?: string,
 *   headers?: OutgoingHttpHeaders,
 *   body?: string,
 *   agent?: Agent,
 *   signal?: AbortSignal,
 *   keepsAlive?: boolean,
 * }} Call
 */

/**
 * @typedef {{ kind: "answered", status: number, headers: IncomingHttpHeaders, text: string }
 *   | { kind: "failed", why: string }} Outcome
 */

/**
 * Sends one request and reads its whole answer within `timeoutMs`. It follows no redirect, which could lead a secret
 * astray. With `keepsAlive: false` a process may end while it waits for the answer.
 *
 * @param {Time} time
 * @param {Call} call
 * @returns {Promise<Outcome>}
 */
export function send(time, { url, timeoutMs, body, keepsAlive = true, ...options }) {
  return new Promise((resolve) => {
    const request = (url.protocol === "https:" ? https : http).request(url, options);
    const cancelTimeout = time.after(timeoutMs, () => {
      request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`));
    });
    /** @param {Outcome} outcome */
    function settle(outcome) {
      cancelTimeout();
      resolve(outcome);
    }
    /** @param {Error} fault */
    function fail(fault) {
      settle({ kind: "failed", why: fault.message || fault.name });
    }
    if (!keepsAlive) request.on("socket", (socket) => socket.unref());
    request.on("error", fail);
    request.on("response", (response) => {
      const { statusCode: status = 0, headers } = response;
      text(response).then((text) => settle({ kind: "answered", status, headers, text }), fail);
    });
    request.end(body);
  });
}

/**
 * The value that a text spells, undefined where it is no JSON.
 *
 * @param {string} text
 * @returns {unknown}
 */
export function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * How long an answer asks to be left alone, 0 where it doesn't say (RFC 9110 §10.2.3).
 *
 * @param {IncomingHttpHeaders} headers
 * @param {Date} now
 */
export function retryAfterMs(headers, now) {
  const text = headers["retry-after"]?.trim() ?? "";
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Math.max(0, ms) || 0;
}
