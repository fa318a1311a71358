import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type RevocationReason, revocationReasons } from "@/db/schema.ts";
import { watchLog } from "@/db/watch-log.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { revokeSession } from "@/lib/auth/admin/revoke-session.ts";
import { revokeSessionsMatching } from "@/lib/auth/admin/revoke-sessions-matching.ts";
import { SESSIONS_PER_PERSON } from "@/lib/auth/limits/lifetimes.ts";
import { changePassword } from "@/lib/auth/password/change-password.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { endSessions } from "@/lib/auth/sessions/end-sessions.ts";
import { logOut, logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { revokeOwnSession } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { prune } from "@/lib/operations/prune.ts";
import { someAdmin } from "@/lib/testing/admins.ts";
import { opened, someApplication } from "@/lib/testing/applications.ts";
import { insertPerson, insertSessions } from "@/lib/testing/records.ts";
import { type Holder, openSession, someone } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { decodeLogCursor, encodeLogCursor } from "./log-cursor.ts";
import { type AskedOfLog, readRevocations } from "./read-revocations.ts";
import { showRevocation } from "./show-revocation.ts";

const LIFETIME_SECONDS = 300;
const world = createWorld({ ACCESS_TOKEN_LIFETIME: "5m" });
const now = () => world.clock.now();
const call = () => world.call({ now: now() });
const callOf = (principal: Holder) => world.call({ now: now(), principal });

beforeEach(() => world.db.$client`truncate users, revocations, audit_events cascade`);

async function read(asked: Partial<AskedOfLog> = {}) {
  const heard = await readRevocations(call(), { waitSeconds: 0, ...asked });
  if (heard.kind !== "read") throw new Error(`refused: ${heard.code}`);
  return { ...heard, ids: heard.revocations.map(({ sessionId }) => sessionId) };
}

/** Somebody with a password who has just logged in. */
const someoneNew = async () => openSession(world.app, await world.person());
const end = (held: Holder) => revokeOwnSession(callOf(held), held.session.id);

/** For each reason, a verb that ends a session of this person for it. */
const ways: Record<RevocationReason, (held: Holder) => Promise<unknown>> = {
  token_reused: async ({ tokens }) => {
    const again = { token: tokens.refresh, delivery: "json", retryKey: null, device: LAPTOP } as const;
    await refreshSession(call(), again);
    world.clock.advance(60);
    return refreshSession(call(), again);
  },
  logged_out: ({ tokens }) => logOut(call(), { access: tokens.access, refresh: null }),
  logged_out_everywhere: (held) => logOutEverywhere(callOf(held)),
  revoked_by_owner: (held) => revokeOwnSession(callOf(held), held.session.id),
  revoked_by_admin: async ({ session }) =>
    revokeSession(callOf(await someAdmin(world)), { sessionId: session.id }),
  password_changed: async ({ user }) =>
    changePassword(callOf(await openSession(world.app, user)), {
      currentPassword: PASSWORD,
      newPassword: "a better pass phrase",
    }),
  account_deactivated: ({ user }) => deactivateUser(call(), { userId: user.id }),
  replaced: async ({ user }) => {
    await insertSessions(world.db, user, SESSIONS_PER_PERSON - 1, secondsAfter(now(), 1));
    return openSession(world.app, user);
  },
  account_deleted: (held) => deleteAccount(callOf(held), PASSWORD),
};

describe("every way a session ends", () => {
  it.each(revocationReasons)("is told: %s", async (reason) => {
    const held = await someoneNew();
    await ways[reason](held);
    const { revocations } = await read();
    const { session, user } = held;
    expect(revocations).toContainEqual({
      sessionId: session.id,
      userId: user.id,
      reason,
      at: now(),
      until: secondsAfter(now(), LIFETIME_SECONDS),
    });
    expect(revocations.filter(({ sessionId }) => sessionId === session.id)).toHaveLength(1);
  });

  it("is told of what an application opened too, under its own session", async () => {
    const held = await someone(world);
    const { application } = await someApplication(world);
    await opened(world, held, application);
    await logOut(call(), { access: held.tokens.access, refresh: null });
    expect((await read()).revocations).toMatchObject([{ reason: "logged_out" }, { reason: "logged_out" }]);
  });

  it("is told once for each session that an admin's filter means", async () => {
    const user = await insertPerson(world.db);
    const ids = await insertSessions(world.db, user, 3, secondsAfter(now(), -10));
    const principal = await someAdmin(world);
    await revokeSessionsMatching(callOf(principal), { filter: { user: { id: user.id } }, reason: "lost" });
    const { revocations } = await read();
    expect(revocations.map(({ sessionId }) => sessionId).sort()).toEqual([...ids].sort());
  });

  it("is not told where it did not come to be", async () => {
    const { session } = await someone(world);
    const undone = world.app.transaction(async (transaction) => {
      await endSessions(transaction, call(), { sessionId: session.id }, { reason: "logged_out" });
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect((await read()).revocations).toEqual([]);
  });

  it("is written nowhere but by the two statements that tell of it", () => {
    const ending = /revoked_at\s*=|revokedAt: (?!instantColumn|Date|session|.*\bnull\b)/;
    const written = ["db", "lib", "cli", "app"].flatMap(sourcesIn).filter(({ text }) => ending.test(text));
    expect(written.map(({ path }) => path).sort()).toEqual([
      "db/queries/end-sessions.ts",
      "db/queries/revoke-matching.ts",
    ]);
    for (const planted of ["update sessions set revoked_at = now()", ".set({ revokedAt: at })"])
      expect(planted).toMatch(ending);
  });
});

const ROOT = join(import.meta.dirname, "../../..");

function sourcesIn(folder: string): { path: string; text: string }[] {
  const paths = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|^testing/.test(path))
    .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(join(ROOT, folder, path), "utf8") }));
}

describe("an end of everybody", () => {
  it("is one entry, which names nobody", async () => {
    const [user, principal] = [await insertPerson(world.db), await someAdmin(world)];
    await insertSessions(world.db, user, 3, secondsAfter(now(), -10));
    await revokeSessionsMatching(callOf(principal), { filter: { everyone: true }, reason: "stolen" });
    expect((await read()).revocations).toEqual([
      {
        sessionId: null,
        userId: null,
        reason: "revoked_by_admin",
        at: now(),
        until: secondsAfter(now(), LIFETIME_SECONDS),
      },
    ]);
  });

  it("that took its time is told of again, for what was handed out meanwhile, and is still one entry", async () => {
    const principal = await someAdmin(world);
    const began = now();
    const done = secondsAfter(began, 90);
    const app = { ...world.app, clock: { now: () => done } };
    await revokeSessionsMatching(world.call({ app, now: now(), principal }), {
      filter: { everyone: true },
      reason: "stolen",
    });
    expect((await read()).revocations.map(({ at }) => at)).toEqual([done]);
  });
});

describe("a reader", () => {
  it("hears of each end once, in whichever call", async () => {
    const before = await read();
    const [one, other] = [await someone(world), await someone(world)];
    await end(one);
    const first = await read({ after: before.next });
    await end(other);
    const second = await read({ after: first.next });
    expect([first.ids, second.ids]).toEqual([[one.session.id], [other.session.id]]);
    expect((await read({ after: second.next })).ids).toEqual([]);
  });

  it("misses no transaction that began earlier and commits later, nor waits for it", async () => {
    const start = await read();
    const [slow, quick] = [await someone(world), await someone(world)];
    let commit = () => {};
    const mayCommit = new Promise<void>((resolve) => {
      commit = resolve;
    });
    let began = () => {};
    const hasBegun = new Promise<void>((resolve) => {
      began = resolve;
    });
    const late = world.app.transaction(async (transaction) => {
      const scope = { sessionId: slow.session.id };
      await endSessions(transaction, call(), scope, { reason: "logged_out" });
      began();
      await mayCommit;
    });
    await hasBegun;
    await end(quick);
    const first = await read({ after: start.next });
    const meanwhile = await read({ after: first.next });
    commit();
    await late;
    const last = await read({ after: meanwhile.next });
    expect([first.ids, meanwhile.ids, last.ids]).toEqual([[quick.session.id], [], [slow.session.id]]);
    expect((await read({ after: last.next })).ids).toEqual([]);
  });

  it("is whole after so many pages as there are, whatever is committed between them", async () => {
    const start = await read();
    const fill = (count: number) => world.db.$client`
      insert into revocations (session_id, user_id, reason, at, until)
      select gen_random_uuid(), gen_random_uuid(), 'logged_out', ${now().toISOString()}, ${secondsAfter(now(), 60).toISOString()}
      from generate_series(1, ${count})`;
    await fill(1_500);
    const late = await someone(world);
    const pages = [await read({ after: start.next }), await read()];
    await end(late);
    const rest = await Promise.all(pages.map(({ next }) => read({ after: next })));
    const lasts = await Promise.all(rest.map(({ next }) => read({ after: next })));
    for (const i of [0, 1]) {
      const ids = [pages[i], rest[i], lasts[i]].map((page) => page?.ids ?? []);
      expect(ids[0]).toHaveLength(1_000);
      expect(new Set(ids.flat()).size).toBe(1_501);
      expect(ids[2]).toEqual([late.session.id]);
    }
  });

  it("without a cursor is told what can still matter, and nothing of what can't", async () => {
    await end(await someone(world));
    world.clock.advance(LIFETIME_SECONDS);
    const held = await someone(world);
    await end(held);
    expect((await read()).ids).toEqual([held.session.id]);
  });

  it("that was away for a day is whole after one call", async () => {
    const start = await read();
    const held = await someone(world);
    await end(held);
    world.clock.advance(24 * 60 * 60);
    await prune(world.app, now());
    expect(await read({ after: start.next })).toMatchObject({ ids: [held.session.id], complete: true });
  });

  it("whose cursor is older than what is kept is told so, with all that still matters", async () => {
    const start = await read();
    await end(await someone(world));
    world.clock.advance(3 * 24 * 60 * 60);
    await prune(world.app, now());
    const held = await someone(world);
    await end(held);
    const told = await read({ after: start.next });
    expect(told).toMatchObject({ ids: [held.session.id], complete: false });
    expect((await read({ after: told.next })).ids).toEqual([]);
  });

  it("whose cursor is another server's is told so: numbers of transactions mean nothing here", async () => {
    const held = await someone(world);
    await end(held);
    const { place } = decodeLogCursor((await read()).next) ?? expect.fail("no cursor");
    const after = encodeLogCursor({ at: now(), place: { ...place, server: place.server - 1 } });
    expect(await read({ after })).toMatchObject({ ids: [held.session.id], complete: false });
  });

  it("of a restored database hears of what came with it once", async () => {
    const start = await read();
    const held = await someone(world);
    await end(held);
    await world.db.$client`update revocations set written_by = '900000000000'`;
    const anew = await read();
    expect(anew.ids).toEqual([held.session.id]);
    expect((await read({ after: anew.next })).ids).toEqual([]);
    expect((await read({ after: start.next })).ids).toEqual([]);
  });

  it.each([
    ["no text of ours", "x"],
    ["no JSON", Buffer.from("{").toString("base64url")],
    ["another list's", Buffer.from('["2026-03-01T12:00:00.000Z","x"]').toString("base64url")],
    ...["0:1:", "5:4:", "1:9:0", "1:9:9", "1:9:4,3", "1:9:x", "1:9", "1".repeat(19).concat(":1:")].map(
      (seen) => [
        `a snapshot that PostgreSQL refuses: ${seen}`,
        Buffer.from(JSON.stringify([1, 1, seen, null])).toString("base64url"),
      ],
    ),
  ])("is refused with a cursor that is %s", async (_, after) => {
    const refused = await readRevocations(call(), { after, waitSeconds: 0 });
    expect(refused).toEqual({ kind: "failure", code: "bad_request", detail: "The cursor is not valid." });
  });

  it("that waits hears at once, from this process and from any other", async () => {
    const start = await read();
    const held = await someone(world);
    const waits = read({ after: start.next, waitSeconds: 25 });
    await end(held);
    expect((await waits).ids).toEqual([held.session.id]);
  });

  it("that waits is let go when the process stops", async () => {
    const revocationLog = watchLog(world.connection, { listens: true });
    const app = { ...world.app, revocationLog };
    const waits = readRevocations(world.call({ app, now: now() }), { waitSeconds: 25 });
    revocationLog.release();
    expect(await waits).toMatchObject({ kind: "read", revocations: [] });
    await revocationLog.close();
  });
});

it("an entry outlives the person that it is about", async () => {
  const held = await someoneNew();
  await deleteAccount(callOf(held), PASSWORD);
  const { revocations } = await read();
  expect(revocations.map(showRevocation)).toEqual([
    {
      sid: held.session.id,
      sub: held.user.id,
      user_id: held.user.id,
      reason: "account_deleted",
      at: now().toISOString(),
      until: secondsAfter(now(), LIFETIME_SECONDS).toISOString(),
    },
  ]);
});
