import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { root } from "./child.ts";
import { databasesUsed } from "./world.ts";

/** What the figures were taken on, a line each, and how busy the machine was with other things. */
export function describeMachine(): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const { length } = cpus();
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  const gibibytes = Math.round(totalmem() / 1024 ** 3);
  const versions = ["next", "postgres", "drizzle-orm"].map((name) => `${name} ${dependencies[name]}`);
  return [
    `${length} × ${model}, ${gibibytes} GiB, ${type()} ${release()}`,
    `Node ${process.versions.node}, ${versions.join(", ")}`,
    ...databasesUsed,
    `load average ${loadavg()[0]?.toFixed(1)}`,
  ];
}
