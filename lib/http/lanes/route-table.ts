import { readdir } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { Handler } from "@/lib/http/routes/handler.ts";

/** A route file's exports by method. */
type RouteModule = Record<string, Handler | undefined>;
type Match<Module> = { pattern: string; module: Module; params: Record<string, string> };
export type RouteTable<Module = RouteModule> = {
  /** Every path pattern, as the folders spell it: `/api/sessions/[id]`. */
  patterns: string[];
  match(path: string): Match<Module> | null;
};

/**
 * The routes that the folders under `app/` declare, so that the API lane and Next always serve the same ones.
 *
 * @param appFolder `app/`, or what was compiled of it
 */
export async function loadRouteTable(appFolder: string): Promise<RouteTable> {
  const routes = await Promise.all(
    (await findFiles(appFolder, /^route\.[jt]s$/)).map(async ({ file, pattern }) => {
      const module: RouteModule = await import(pathToFileURL(join(appFolder, file)).href);
      return { pattern, module };
    }),
  );
  return createRouteTable(routes);
}

/** The same folders' pages and routes, to name what Next serves; none is loaded. */
export async function loadPatterns(appFolder: string): Promise<RouteTable<null>> {
  const files = await findFiles(appFolder, /^(page\.tsx|route\.ts)$/);
  return createRouteTable(files.map(({ pattern }) => ({ pattern, module: null })));
}

async function findFiles(appFolder: string, named: RegExp): Promise<{ file: string; pattern: string }[]> {
  const files = await readdir(appFolder, { recursive: true });
  return files
    .filter((file) => named.test(basename(file)))
    .sort()
    .map((file) => ({ file, pattern: `/${file.split(sep).slice(0, -1).join("/")}` }));
}

/** A table that prefers exact paths over `[id]` and `[id]` over `[[...rest]]`, as Next does. */
function createRouteTable<Module>(routes: { pattern: string; module: Module }[]): RouteTable<Module> {
  const exact = new Map(
    routes
      .filter(({ pattern }) => !pattern.includes("["))
      .map((route) => [route.pattern, { ...route, params: {} }]),
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
      if (known) return known;
      for (const { expression, pattern, module } of dynamic) {
        const found = expression.exec(plain);
        if (found) return { pattern, module, params: decode({ ...found.groups }) };
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
