import { beforeEach, describe, expect, it } from "vitest";
import { findSession, insertSession } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { randomUUID } from "@/lib/crypto.ts";
import { createWorld } from "@/lib/testing/world.ts";
import { ENDED_SESSION_KEPT_SECONDS } from "./lifetimes.ts";
import { logOutUser } from "./log-out-user.ts";
import { pruneSessions } from "./prune-sessions.ts";

const world = createWorld();
const prune = () => pruneSessions(world.app, world.clock.now());
const HOUR_SECONDS = 3_600;

let person: User;
beforeEach(async () => {
  person = await world.person();
});

describe("what is deleted", () => {
  it("is a session that was revoked more than 30 days ago, and not a moment earlier", async () => {
    const { session } = await world.session(person);
    await logOutUser(world.app, { userId: person.id }, world.clock.now());
    world.clock.advance(ENDED_SESSION_KEPT_SECONDS);
    expect(await prune()).toBe(0);
    expect(await findSession(world.db, session.id)).toMatchObject({
      session: { revokedReason: "revoked_by_admin" },
    });
    world.clock.advance(1);
    expect(await prune()).toBe(1);
    expect(await findSession(world.db, session.id)).toBeUndefined();
  });

  it("is a session that reached its latest end more than 30 days ago", async () => {
    await world.session(person);
    world.clock.advance(world.app.settings.SESSION_MAX_LIFETIME + ENDED_SESSION_KEPT_SECONDS);
    expect(await prune()).toBe(0);
    world.clock.advance(1);
    expect(await prune()).toBe(1);
  });

  it("is never a live session", async () => {
    const { session } = await world.session(person);
    world.clock.advance(HOUR_SECONDS);
    expect(await prune()).toBe(0);
    expect(await findSession(world.db, session.id)).toBeDefined();
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
  const then = secondsAfter(world.clock.now(), -ENDED_SESSION_KEPT_SECONDS - HOUR_SECONDS);
  const instants = { rotatedAt: then, createdAt: then, authenticatedAt: then, lastSeenAt: then };
  const ended = { idleExpiresAt: then, expiresAt: then, amr: ["pwd"], userAgent: "" };
  await Promise.all(
    Array.from({ length: count }, () =>
      insertSession(world.db, { id: randomUUID(), userId: person.id, ...instants, ...ended }),
    ),
  );
}
