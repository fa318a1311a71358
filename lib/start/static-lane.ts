import { readFileSync } from "node:fs";
import type { Lane } from "./front.ts";
import { packedFiles } from "./pack-static.ts";

const PREFIX = "/_next/static/";
const TYPES = { js: "application/javascript; charset=UTF-8", css: "text/css; charset=UTF-8" };

/**
 * Serves the packed scripts and styles of the build, whose names change with their content, to browsers that can read
 * them. Everything else is left to Next: only what lay there at the start has a name here.
 */
export function createStaticLane(root: string): Lane {
  const answers = new Map<string, { body: Buffer; headers: Record<string, string> }>();
  for (const [name, file] of packedFiles(root)) {
    const body = readFileSync(file);
    const type = TYPES[name.endsWith(".css") ? "css" : "js"];
    answers.set(`${PREFIX}${name}`, { body, headers: headersOf(type, body.length) });
  }
  return ({ method, url = "", headers }, outgoing) => {
    const answer = answers.get(url);
    const canRead = /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(String(headers["accept-encoding"] ?? ""));
    if (!answer || !canRead || (method !== "GET" && method !== "HEAD")) return false;
    outgoing.writeHead(200, answer.headers);
    outgoing.end(method === "GET" ? answer.body : undefined);
    return true;
  };
}

function headersOf(type: string, bytes: number): Record<string, string> {
  return {
    "content-type": type,
    "content-encoding": "br",
    "content-length": String(bytes),
    "cache-control": "public, max-age=31536000, immutable",
    vary: "Accept-Encoding",
  };
}
