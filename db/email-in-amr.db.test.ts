import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { createSession } from "../lib/auth/sessions/create-session.ts";

const world = createWorld();
const file = join(import.meta.dirname, "migrations/0005_email_in_amr.sql");

it("sessions and log-ins of before say that a code came by e-mail, and a password alone stays alone", async () => {
  const user = await world.person();
  const before = { mailed: ["pwd", "otp"], typed: ["pwd"] };
  const made = await world.db.transaction(async (transaction) => ({
    mailed: await createSession(transaction, world.call({ device: LAPTOP }), { user, amr: before.mailed }),
    typed: await createSession(transaction, world.call({ device: LAPTOP }), { user, amr: before.typed }),
  }));
  for (const statement of readFileSync(file, "utf8").split("--> statement-breakpoint")) {
    await world.db.execute(sql.raw(statement));
  }
  const rows = await world.db.execute(sql`select id, amr from sessions where user_id = ${user.id}`);
  expect(rows).toEqual(
    expect.arrayContaining([
      { id: made.mailed.id, amr: ["pwd", "email"] },
      { id: made.typed.id, amr: ["pwd"] },
    ]),
  );
  const told = await world.db.execute<{ amr: string }>(
    sql`select data->>'amr' as amr from audit_events where user_id = ${user.id} and type = 'login.succeeded'`,
  );
  expect(told.map(({ amr }) => amr).sort()).toEqual(["pwd", "pwd email"]);
});
