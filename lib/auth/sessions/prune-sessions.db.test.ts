import { beforeEach, describe, expect, it } from "vitest";
import { findSession, insertSession } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { pruneSessions } from "./prune-sessions.ts";

const THIRTY_DAYS = 30 * 24 * 60 * 60;

const world = createWorld();
const prune = () => pruneSessions(world.call());
const HOUR_SECONDS = 3_600;

let person: User;
beforeEach(async () => {
  person = await world.person();
});

describe("what is deleted", () => {
  it("is a session that was revoked more than 30 days ago, and not a moment earlier", async () => {
    const { session } = await world.session(person);
    await logOutUser(world.call(), { userId: person.id });
    world.clock.advance(THIRTY_DAYS);
    expect(await prune()).toBe(0);
    expect(await findSession(world.db, session)).toMatchObject({
      session: { revokedReason: "revoked_by_admin" },
    });
    world.clock.advance(1);
    expect(await prune()).toBe(1);
    expect(await findSession(world.db, session)).toBeUndefined();
  });

  it("is a session that reached its latest end more than 30 days ago", async () => {
    await world.session(person);
    world.clock.advance(world.app.settings.SESSION_MAX_LIFETIME + THIRTY_DAYS);
    expect(await prune()).toBe(0);
    world.clock.advance(1);
    expect(await prune()).toBe(1);
  });

  it("is never a live session", async () => {
    const { session } = await world.session(person);
    world.clock.advance(HOUR_SECONDS);
    expect(await prune()).toBe(0);
    expect(await findSession(world.db, session)).toBeDefined();
  });
});

describe("how", () => {
  it("goes on batch after batch until none is left, and the next time finds none", async () => {
    await endedLongAgo(1_203);
    expect(await prune()).toBe(1_203);
    expect(await prune()).toBe(0);
  });

  it("shares the work between simultaneous calls, so that each session counts once", async () => {
    await endedLongAgo(1_203);
    const counts = await Promise.all([prune(), prune(), prune()]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_203);
  });
});

async function endedLongAgo(count: number): Promise<void> {
  const then = secondsAfter(world.clock.now(), -THIRTY_DAYS - HOUR_SECONDS);
  const instants = { rotatedAt: then, createdAt: then, authenticatedAt: then, lastSeenAt: then };
  const ended = { idleExpiresAt: then, expiresAt: then, amr: ["pwd"], userAgent: "" };
  await Promise.all(
    Array.from({ length: count }, () =>
      insertSession(world.db, { id: randomUUID(), userId: person.id, ...instants, ...ended }),
    ),
  );
}
