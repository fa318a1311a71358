import { sql } from "drizzle-orm";
import { expect, inject, it } from "vitest";
import { createDatabase } from "../lib/testing/databases.ts";
import { databaseFault, openDatabase } from "./client.ts";
import { writeNothing } from "./queries/server.ts";

it("a server is asked to notice within seconds that we have vanished, where that can be asked for", async () => {
  const { connection, drop } = await createDatabase(inject("server"));
  for (const prepare of [true, false]) {
    const { db, close } = openDatabase(connection, { maxConnections: 1, prepare });
    const [row] = await db.execute<{ asked: string; overTcp: boolean }>(sql`
      select setting as asked, inet_server_addr() is not null as "overTcp" from pg_settings where name = 'tcp_user_timeout'`);
    await close();
    const can = prepare && row?.overTcp && typeof connection === "string";
    expect(row?.asked).toBe(can ? "20000" : "0");
  }
  await drop();
});

const write = (database: ReturnType<typeof openDatabase>) =>
  writeNothing(database.db).then(
    () => "written",
    (error: unknown) => databaseFault(error),
  );

it("a database that takes no writes for a while is away meanwhile, and written to again without anybody's help", async () => {
  const { connection, drop } = await createDatabase(inject("server"));
  const admin = openDatabase(connection, { maxConnections: 1, prepare: false });
  const keyturn = openDatabase(connection, { maxConnections: 3, prepare: true });
  const [row] = await admin.db.execute<{ name: string }>(sql`select current_database() as name`);
  const name = sql.identifier(String(row?.name));
  expect(await write(keyturn)).toBe("written");

  await admin.db.execute(sql`alter database ${name} set default_transaction_read_only = on`);
  await admin.db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${row?.name} and pid <> pg_backend_pid()`,
  );
  await expect.poll(() => write(keyturn)).toEqual({ code: "25006", away: true });
  await keyturn.db.execute(sql`select 1`);

  await admin.db.execute(sql`alter database ${name} set default_transaction_read_only = off`);
  await expect.poll(() => write(keyturn), { timeout: 10_000 }).toBe("written");
  await keyturn.close();
  await admin.close();
  await drop();
});
