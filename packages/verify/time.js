/**
 * Where "now" comes from, and what happens later; tests move both.
 *
 * @typedef {{
 *   now(): Date,
 *   after(delayMs: number, act: () => void): () => void,
 * }} Time
 */

/**
 * This machine's time. What waits for `after` keeps no process alive, and never comes if the function that it returns
 * is called first.
 *
 * @type {Time}
 */
export const systemTime = {
  now: () => new Date(),
  after(delayMs, act) {
    const timer = setTimeout(act, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
