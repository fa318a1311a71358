import { readdirSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);
const PACKED = ".br";

/** Where the build puts what never changes under its name. */
const STATIC = ".next/static";

/** The scripts and styles of the build, by their path in it, and where each lies packed. */
export function packedFiles(root: string): Map<string, string> {
  const names = readdirSync(join(root, STATIC), { recursive: true, encoding: "utf8" });
  const packed = names.filter((name) => name.endsWith(PACKED));
  return new Map(
    packed.map((name) => [name.slice(0, -PACKED.length).replaceAll("\\", "/"), join(root, STATIC, name)]),
  );
}

/**
 * Packs the scripts and styles of the build as small as a browser can read, once: on the way to each browser there is
 * time only for a quarter more bytes. A file is there whole or not at all, whoever else packs it meanwhile.
 */
export async function packStatic(root: string): Promise<void> {
  const folder = join(root, STATIC);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const done = new Set(names.filter((name) => name.endsWith(PACKED)));
  const missing = names.filter((name) => /\.(js|css)$/.test(name) && !done.has(`${name}${PACKED}`));
  await Promise.all(missing.map((name) => pack(join(folder, name))));
}

async function pack(file: string): Promise<void> {
  const bytes = await readFile(file);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, await compress(bytes, { params }));
  await rename(unfinished, `${file}${PACKED}`);
}
