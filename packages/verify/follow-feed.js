import http from "node:http";
import https from "node:https";
import { readPage } from "./read-page.js";
import { createRevocations } from "./revocations.js";
import { send } from "./send.js";

/** @import { RevocationSettings } from "./read-options.js" */
/** @import { Page } from "./read-page.js" */
/** @import { Time } from "./time.js" */

const LONGEST_WAIT_SECONDS = 25;
/** How much longer than it was asked to wait an answer may take. */
const ANSWER_WITHIN_MS = 5_000;
const FIRST_PAUSE_MS = 100;
/** Short, so that a Keyturn that comes back is heard within it; one that is busy says `Retry-After`. */
const LONGEST_PAUSE_MS = 1_000;
/** What nothing to tell must have taken at least, else the next call is put off. */
const SHORTEST_POLL_MS = 500;

/**
 * Follows the log of ended sessions from the beginning on, by one call after another that waits until there is an entry
 * (contract §10). It waits at most half of `staleAfterSeconds`, so that one lost call makes nothing stale. A call that
 * fails is made again after a growing, jittered pause, and not before `Retry-After`.
 *
 * @param {RevocationSettings} settings
 * @param {Time} time
 */
export function followFeed({ feed, authorization, staleAfterSeconds, onFault }, time) {
  const pollSeconds = Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.floor(staleAfterSeconds / 2)));
  const revocations = createRevocations();
  const agent = new (feed.protocol === "https:" ? https : http).Agent({ keepAlive: true });
  const closing = new AbortController();
  /** @type {() => void} */
  let resolveReady = () => {};
  /** @type {Promise<void>} */
  const known = new Promise((resolve) => {
    resolveReady = resolve;
  });
  /** @type {string | undefined} */
  let cursor;
  let caughtUp = false;
  let wholeAtMs = Number.NEGATIVE_INFINITY;
  let longestPage = 1;
  let failures = 0;
  /** @type {string | null} */
  let told = null;

  async function follow() {
    while (!closing.signal.aborted) {
      const askedAtMs = time.now().getTime();
      const page = await ask();
      if (closing.signal.aborted) return;
      const pauseMs = page.kind === "failed" ? notePause(page) : take(page, askedAtMs);
      if (pauseMs > 0) await new Promise((resolve) => void time.after(pauseMs, () => resolve(null)));
    }
  }

  async function ask() {
    const waitSeconds = caughtUp ? pollSeconds : 0;
    const url = new URL(feed);
    if (cursor !== undefined) url.searchParams.set("after", cursor);
    if (waitSeconds > 0) url.searchParams.set("wait", String(waitSeconds));
    const outcome = await send(time, {
      url,
      headers: { authorization, accept: "application/json" },
      timeoutMs: waitSeconds * 1000 + ANSWER_WITHIN_MS,
      agent,
      signal: closing.signal,
      keepsAlive: false,
    });
    return readPage(outcome, cursor, time.now());
  }

  /**
   * Keeps what was read, and says how long to wait before reading on. A page that is shorter than one before was not
   * full, so nothing is missing behind it.
   *
   * @param {Extract<Page, { kind: "read" }>} page
   * @param {number} askedAtMs
   */
  function take({ entries, next, complete }, askedAtMs) {
    const nowMs = time.now().getTime();
    failures = 0;
    told = null;
    for (const entry of entries) revocations.add(entry);
    revocations.sweep(nowMs);
    if (!complete && cursor !== undefined) {
      cursor = undefined;
      caughtUp = false;
      return FIRST_PAUSE_MS;
    }
    const hasWaited = caughtUp;
    cursor = next ?? cursor;
    caughtUp = entries.length < longestPage;
    longestPage = Math.max(longestPage, entries.length);
    if (!caughtUp) return 0;
    wholeAtMs = nowMs;
    resolveReady();
    return hasWaited && entries.length === 0 && nowMs - askedAtMs < SHORTEST_POLL_MS ? SHORTEST_POLL_MS : 0;
  }

  /** @param {Extract<Page, { kind: "failed" }>} page */
  function notePause({ fault, retryAfterMs }) {
    if (told !== fault.code) queueMicrotask(() => onFault(fault));
    told = fault.code;
    caughtUp = false;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    failures += 1;
    return retryAfterMs + pauseMs * (0.5 + randomPart() / 2);
  }

  follow();

  return {
    revocations,

    /** Milliseconds since nothing was missing. A clock that is set back makes it grow too, until the next answer. */
    lagMs: () => Math.abs(time.now().getTime() - wholeAtMs),

    async ready() {
      const keepsAlive = setInterval(() => {}, 2 ** 30);
      await known;
      clearInterval(keepsAlive);
    },

    close() {
      closing.abort();
      agent.destroy();
      resolveReady();
    },
  };
}

/** From 0 to 1, so that services that lost Keyturn together don't come back together. */
function randomPart() {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1));
  return drawn / 2 ** 32;
}
