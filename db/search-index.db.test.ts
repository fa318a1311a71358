import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, inject, it } from "vitest";
import { createBareDatabase } from "../lib/testing/databases.ts";
import { openDatabase } from "./client.ts";
import { migrateDatabase } from "./migrate.ts";

it("a search of many people for any part of an address is answered by an index of its trigrams", async () => {
  const { connection, drop } = await createBareDatabase(inject("server"));
  await migrateDatabase(connection);
  const { db, close } = openDatabase(connection, { maxConnections: 1, prepare: false });
  await db.execute(sql`
    insert into users (id, email, name, name_start, role, two_factor_email, created_at)
    select gen_random_uuid(), md5(n::text) || '@example.com', 'N', 'n', 'user', true, now() from generate_series(1, 50000) n`);
  await db.execute(sql`vacuum analyze users`);
  const plan = await db.execute<{ "QUERY PLAN": string }>(
    sql`explain select id from users where lower(email collate "C") like '%a1b2c3%' or name_start like '%a1b2c3%'`,
  );
  expect(plan.map((line) => line["QUERY PLAN"]).join("\n")).toContain("users_email_parts");
  await close();
  await drop();
});

it("a server without trigrams is brought up to date all the same, and has no such index", async () => {
  const { connection, drop } = await createBareDatabase(inject("server"));
  await migrateDatabase(connection);
  const { db, close } = openDatabase(connection, { maxConnections: 1, prepare: false });
  await db.execute(sql`drop extension pg_trgm cascade`);
  const file = join(import.meta.dirname, "migrations/0004_retries_closures_and_search.sql");
  const step = readFileSync(file, "utf8")
    .split("--> statement-breakpoint")
    .filter((text) => text.includes("pg_trgm"));
  expect(step).toHaveLength(1);
  await db.execute(sql.raw(step.join("").replace("EXISTS pg_trgm", "EXISTS an_extension_nobody_has")));
  const indexes = await db.execute(
    sql`select indexname from pg_indexes where indexname like 'users_%_parts'`,
  );
  expect(indexes).toHaveLength(0);
  await close();
  await drop();
});
