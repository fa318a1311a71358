import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Handler } from "./route.ts";

/** A route file's exports by method. */
type RouteModule = Record<string, Handler | undefined>;
type Match = { module: RouteModule; params: Record<string, string> };
export type RouteTable = {
  /** Every path pattern, as the folders spell it: `/api/sessions/[id]`. */
  patterns: string[];
  match(path: string): Match | null;
};

/**
 * The routes that the folders under `app/` declare, so that the API lane and Next always serve the same ones.
 */
export async function loadRouteTable(appFolder: string): Promise<RouteTable> {
  const files = await readdir(appFolder, { recursive: true });
  const routeFiles = files.filter((file) => file === "route.ts" || file.endsWith(`${sep}route.ts`)).sort();
  const routes = await Promise.all(
    routeFiles.map(async (file) => {
      const pattern = `/${file.split(sep).slice(0, -1).join("/")}`;
      const module: RouteModule = await import(pathToFileURL(join(appFolder, file)).href);
      return { pattern, module };
    }),
  );
  return createRouteTable(routes);
}

/** A table that prefers exact paths over `[id]` and `[id]` over `[[...rest]]`, as Next does. */
function createRouteTable(routes: { pattern: string; module: RouteModule }[]): RouteTable {
  const exact = new Map(
    routes.filter(({ pattern }) => !pattern.includes("[")).map((route) => [route.pattern, route]),
  );
  const dynamic = routes
    .filter(({ pattern }) => pattern.includes("["))
    .map((route) => ({
      ...route,
      expression: toExpression(route.pattern),
      rest: route.pattern.includes("[[..."),
    }))
    .sort((a, b) => Number(a.rest) - Number(b.rest));
  return {
    patterns: routes.map(({ pattern }) => pattern),
    match(path) {
      const plain = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
      const known = exact.get(plain);
      if (known) return { module: known.module, params: {} };
      for (const { expression, module } of dynamic) {
        const found = expression.exec(plain);
        if (found) return { module, params: decode({ ...found.groups }) };
      }
      return null;
    },
  };
}

function toExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|\\]/g, "\\$&")
    .replace(/\/\[\[\\\.\\\.\\\.(\w+)\]\]/g, "(?:/(?<$1>.*))?")
    .replace(/\[(\w+)\]/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}$`);
}

/** What stands for each name in the path, percent-decoded as Next does; as it is where it cannot be decoded. */
function decode(params: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(params).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    return params;
  }
}
