import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix, sep } from "node:path";
import { parseAst } from "vitest/node";

/**
 * A module or a global that a file uses: `lib/settings/env.ts`, `jose/jwt/sign`, `process.env`, `new Date()`,
 * `URLSearchParams`; or a path that a text in it spells: `"/login`.
 */
type Use = { name: string; line: number; imported: boolean };
export type SourceFile = { path: string; lines: number; uses: Use[] };

const CODE = /\.[cm]?[jt]sx?$/;
/** What is installed, made or hidden; `examples` are products of others, with rules of their own. */
const SKIPPED = /^(node_modules|examples|test-results|playwright-report|next-env\.d\.ts|\..*)$/;

/** Reads a file as the rules see it. `path` counts from the root of the project, with forward slashes. */
export function parseSource(path: string, text: string): SourceFile {
  const uses: Use[] = [];
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const program: unknown = parseAst(text, { lang: path.endsWith("x") ? "tsx" : "ts" }, path);
  visit(program, (node) => {
    const module = moduleNamed(node);
    if (module !== null) uses.push({ name: resolve(module, path), line: lineAt(node.start), imported: true });
    for (const name of globalsNamed(node)) uses.push({ name, line: lineAt(node.start), imported: false });
  });
  return { path, lines: text.trimEnd().split("\n").length, uses };
}

const NOT_OURS = /\/(node_modules|generated\/made)\//;

/** All code of the project under `root`; what is installed, generated or hidden at the top is left out. */
export function readProject(root: string): SourceFile[] {
  const paths = readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !SKIPPED.test(name))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(root, entry.name) : [entry.name]));
  return paths
    .filter((path) => CODE.test(path))
    .map((path) => parseSource(path, readFileSync(join(root, path), "utf8")));
}

function filesIn(root: string, folder: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, "/").length).replaceAll(sep, "/"))
    .filter((path) => !NOT_OURS.test(path));
}

type Node = { type: string; start: number } & Record<string, unknown>;

function visit(value: unknown, look: (node: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if ("type" in value) look(value as Node);
  for (const child of Object.values(value)) visit(child, look);
}

/** The module that an import in any form names, `import(…)` where it is computed; null for other nodes. */
function moduleNamed(node: Node): string | null {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "TSImportType":
      return node.source ? textOf(node.source) : null;
    case "ImportExpression":
      return textOf(node.source) ?? "import(…)";
    case "TSExternalModuleReference":
      return textOf(node.expression);
    case "CallExpression": {
      const [argument] = node.arguments as unknown[];
      return dottedName(node.callee) === "require" ? textOf(argument) : null;
    }
    default:
      return null;
  }
}

function textOf(value: unknown): string | null {
  const node = value as Node | undefined;
  if (node?.type === "Literal") return String(node.value);
  if (node?.type !== "TemplateLiteral") return null;
  const [text, ...more] = node.quasis as { value: { cooked: string } }[];
  return text && more.length === 0 ? text.value.cooked : null;
}

function resolve(module: string, importer: string): string {
  if (module.startsWith("@/")) return module.slice(2);
  if (module.startsWith(".")) return posix.join(posix.dirname(importer), module);
  return isBuiltin(module) && !module.startsWith("node:") ? `node:${module}` : module;
}

const OF_HTTP = new Set(["URLSearchParams", "Request", "Response", "Headers"]);

/** `process.env` for that expression and for `{ env } = process`; `new Date()`, `new Date(…)` for a made `Date`. */
function globalsNamed(node: Node): string[] {
  if (node.type === "Identifier") return OF_HTTP.has(String(node.name)) ? [String(node.name)] : [];
  const text = node.type === "TemplateElement" ? (node.value as { cooked: string }).cooked : node.value;
  if (typeof text === "string" && /^\/[a-z]/.test(text)) return [`"${text}`];
  const made = node.type === "NewExpression" || node.type === "CallExpression";
  if (made && dottedName(node.callee) === "Date") {
    const given = node.type === "NewExpression" && (node.arguments as unknown[]).length > 0;
    return [given ? "new Date(…)" : "new Date()"];
  }
  const target = (node.id ?? node.left) as Node | null | undefined;
  const taken = target?.type === "ObjectPattern" ? dottedName(node.init ?? node.right) : null;
  if (taken !== null) {
    return (target?.properties as Node[]).map(({ key }) => `${taken}.${dottedName(key)}`);
  }
  const name = node.type === "MemberExpression" ? dottedName(node) : null;
  return name === null ? [] : [name];
}

function dottedName(value: unknown): string | null {
  const node = value as Node | null | undefined;
  if (node?.type === "Identifier") return String(node.name);
  if (node?.type !== "MemberExpression") return null;
  const object = dottedName(node.object);
  const property = node.computed ? textOf(node.property) : dottedName(node.property);
  if (object === null || property === null) return null;
  return object === "globalThis" ? property : `${object}.${property}`;
}
