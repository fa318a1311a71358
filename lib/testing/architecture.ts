import type { SourceFile } from "./source-file.ts";

/**
 * A string names a file, a folder (with `/` at its end), a package with everything under it, or a global by its
 * dotted name.
 */
type Pattern = string | RegExp;

/** What must not be, in which files, and why. Test code is exempt unless `testsToo`. */
export type Rule = {
  name: string;
  why: string;
  /** The files it speaks of; every file where absent. */
  within?: Pattern[];
  /** The owners: they may. */
  except?: Pattern[];
  testsToo?: true;
  /** Modules and globals that must not be used. */
  forbids?: Pattern[];
  /** Modules that may be imported, and no others. */
  importsOnly?: Pattern[];
  maxLines?: number;
  /** No such file may be there. */
  absent?: true;
};

const TEST_CODE = [/\.(test|spec|fixture)\.tsx?$/, "lib/testing/", "e2e/", "bench/"];

/** Every violation of `rule` in `files`, one line each. */
export function violations(rule: Rule, files: SourceFile[]): string[] {
  return files.filter((file) => isSubject(rule, file)).flatMap((file) => violationsIn(rule, file));
}

function isSubject({ within, except = [], testsToo }: Rule, { path }: SourceFile): boolean {
  if (within && !fitsAny(path, within)) return false;
  return !fitsAny(path, except) && (testsToo === true || !fitsAny(path, TEST_CODE));
}

function violationsIn(rule: Rule, { path, lines, uses }: SourceFile): string[] {
  const { forbids = [], importsOnly, maxLines = Number.POSITIVE_INFINITY } = rule;
  const wrongUses = uses.filter(
    ({ name, imported }) =>
      fitsAny(name, forbids) || (imported && importsOnly && !fitsAny(name, importsOnly)),
  );
  const found = wrongUses.map(({ name, line }) => `${path}:${line} uses ${name}`);
  if (lines > maxLines) found.push(`${path} has ${lines} lines, more than ${maxLines}`);
  if (rule.absent) found.push(`${path} must not be there`);
  return found.map((violation) => `${violation}: ${rule.why}`);
}

function fitsAny(name: string, patterns: readonly Pattern[]): boolean {
  return patterns.some((pattern) =>
    typeof pattern === "string"
      ? `${name}/`.startsWith(pattern.endsWith("/") ? pattern : `${pattern}/`)
      : pattern.test(name),
  );
}
