import { type SQL, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { createWorld } from "@/lib/testing/world.ts";
import { comparable, toComparable } from "./address.ts";

const world = createWorld();
const read = async (expression: SQL) => {
  const [row] = await world.db.execute<{ text: string }>(sql`select ${expression} as text`);
  return row?.text;
};
const turkish = sql`'INFO@Example.COM' collate "tr-x-icu"`;

it("an address is compared by its ASCII letters, in a Turkish database too", async () => {
  expect(await read(sql`lower(${turkish})`)).toBe("ınfo@example.com");
  expect(await read(comparable(turkish))).toBe("info@example.com");
  expect(toComparable("INFO@Example.COM")).toBe("info@example.com");
});

it("people are looked up by address, and by the start of one, through one index", async () => {
  await world.db.execute(sql`analyze users`);
  for (const condition of [sql`= 'ada@example.com'`, sql`like 'ada@ex%'`]) {
    const plan = await world.db.transaction(async (transaction) => {
      await transaction.execute(sql`set local enable_seqscan = off`);
      return transaction.execute(
        sql`explain (costs off) select from users where ${comparable(sql.identifier("email"))} ${condition}`,
      );
    });
    expect(JSON.stringify(plan)).toContain("users_email_unique");
  }
});
