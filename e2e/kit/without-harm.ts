import { expect } from "@playwright/test";
import type { Server } from "./server.ts";

const AT_ONCE = 8;
/** Tables to which refused requests may add. */
const TRACES = ["audit_events", "rate_limits"];

/**
 * Runs an attack on a server and sees that it changed nothing in the database, that nothing unforeseen happened, and
 * that the log holds none of the secrets.
 */
export async function withoutHarm(
  server: Server,
  secrets: string[],
  attack: () => Promise<void>,
): Promise<void> {
  const before = await digests(server);
  await attack();
  expect(await digests(server)).toEqual(before);
  expect(server.log()).not.toContain("request failed");
  for (const secret of [server.variables.SECRET_KEY ?? "", ...secrets])
    expect(server.log()).not.toContain(secret);
}

/** Tries each item, a few at a time, and fails with all complaints that came back. */
export async function tryEach<Item>(
  items: readonly Item[],
  attempt: (item: Item) => Promise<string | undefined>,
): Promise<void> {
  const complaints: { item: string; complaint: string }[] = [];
  const waiting = items.values();
  const lane = async () => {
    for (const item of waiting) {
      const complaint = await attempt(item);
      if (complaint) complaints.push({ item: String(item).slice(0, 100), complaint });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  expect(complaints).toEqual([]);
}

/** Every table's rows as one digest each. */
async function digests(server: Server): Promise<Record<string, string>> {
  const { db } = await server.app();
  const sql = db.$client;
  const tables = await sql<{ name: string }[]>`
    select table_name as name from information_schema.tables where table_schema = 'public' order by 1`;
  const found: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !TRACES.includes(table.name))) {
    const [row] = await sql<{ digest: string }[]>`
      select count(*) || ' rows ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest
      from ${sql(name)} t`;
    found[name] = row?.digest ?? "";
  }
  return found;
}
