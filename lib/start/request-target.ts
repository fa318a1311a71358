/** A segment that means this folder or the one above, however it is written. */
const DOT_SEGMENT = /(^|\/)(\.|%2e){1,2}(\/|$)/i;

/**
 * Whether a request's target is a plain path, as browsers and client libraries send it (RFC 9112 §3.2.1), so that
 * everything that looks at it sees the same one. Not plain are whole addresses, `..` and `.`, doubled slashes and
 * backslashes: one reader would resolve them and another would not.
 */
export function isPlainTarget(target: string): boolean {
  const path = target.split("?", 1)[0] ?? "";
  return (
    path.startsWith("/") && !target.includes("#") && !/\/\/|\\|%5c/i.test(path) && !DOT_SEGMENT.test(path)
  );
}
