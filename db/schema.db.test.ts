import { expect, it } from "vitest";
import { rotateSession } from "@/db/queries/rotate-session.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { sessionRow } from "@/lib/testing/records.ts";
import { someone } from "@/lib/testing/wire.ts";
import { createWorld } from "@/lib/testing/world.ts";

const world = createWorld();

it("no index of sessions names what a refresh changes, so that it stays within its page", async () => {
  const { session } = await someone(world);
  const at = secondsAfter(world.clock.now(), 60);
  await rotateSession(world.db, {
    id: session.id,
    userId: session.userId,
    generation: 1,
    now: at,
    notBefore: world.clock.now(),
    idleExpiresAt: secondsAfter(at, 60),
    retryKeyHash: Buffer.from("x"),
    spentAfter: world.clock.now(),
    delivery: "cookie",
    ip: "203.0.113.5",
    userAgent: "another browser",
    location: "Bern, Switzerland",
  });
  const after = await sessionRow(world.db, session.id);
  const same = Object.entries(session).filter(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(after[name as keyof typeof after]),
  );
  expect(same.map(([name]) => name).sort()).toEqual([
    "amr",
    "applicationId",
    "authenticatedAt",
    "createdAt",
    "delivery",
    "expiresAt",
    "id",
    "name",
    "openedBy",
    "retries",
    "revokedAt",
    "revokedReason",
    "scope",
    "userId",
  ]);
  const indexed = await world.db.$client<{ name: string }[]>`
    select distinct attname as name from pg_depend
    join pg_class on pg_class.oid = objid and relkind = 'i'
    join pg_attribute on attrelid = refobjid and attnum = refobjsubid
    where refobjid = 'sessions'::regclass order by 1`;
  expect(indexed.map(({ name }) => name)).toEqual([
    "application_id",
    "created_at",
    "expires_at",
    "id",
    "opened_by",
    "revoked_at",
    "revoked_reason",
    "user_id",
  ]);
});
