import postgres from "postgres";
import { startEmbeddedDatabase } from "../embedded.ts";

/** A process that owns the folder it is given, says what it did line by line, and inserts until it is killed. */
const result = await startEmbeddedDatabase(String(process.argv[2]));
console.log(result.kind);
if (result.kind === "started") {
  const sql = postgres(result.connection);
  await sql`create table if not exists marks (n int primary key)`;
  const [{ next } = { next: 0 }] = await sql`select coalesce(max(n), 0) + 1 as next from marks`;
  for (let n = Number(next); ; n += 1) {
    await sql`insert into marks values (${n})`;
    console.log(n);
  }
}
