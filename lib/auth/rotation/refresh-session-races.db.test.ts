import { describe, expect, it } from "vitest";
import type { RevokedReason } from "@/db/queries/sessions.ts";
import type { Device } from "@/lib/audit/record.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOut, logOutEverywhere, logOutToken } from "@/lib/auth/sessions/log-out.ts";
import { revokeOtherSessions, revokeOwnSession } from "@/lib/auth/sessions/revoke-own-sessions.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { endingsOf, insertPerson, insertSessions, sessionRow, sessionsOf } from "@/lib/testing/records.ts";
import { type Holder, openSession, refused, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { blacklistToken } from "./blacklist-token.ts";
import { refreshSession } from "./refresh-session.ts";

const ROUNDS = 20;
const KEY = "k-0123456789abcdef";
const THIEF: Device = { ip: "203.0.113.66", userAgent: "curl/8" };

const world = createWorld();

function refresh(token: string, retryKey: string | null = null, device = LAPTOP) {
  return refreshSession(world.call(), { token, delivery: "json", retryKey, device });
}

type Refresh = Awaited<ReturnType<typeof refresh>>;

/** Somebody who ends the session while its holder refreshes. */
type Rival = {
  rival: string;
  reason: RevokedReason;
  prepare?: (holder: Holder) => Promise<unknown>;
  end(holder: Holder, prepared: unknown): Promise<unknown>;
};

const elsewhere = ({ user }: Holder) => openSession(world.app, user, THIEF);

const rivals: Rival[] = [
  {
    rival: "log-out",
    reason: "logged_out",
    end: ({ tokens }) => logOut(world.call(), { access: tokens.access, refresh: null }),
  },
  {
    rival: "log-out with the same token",
    reason: "logged_out",
    end: (holder) => logOutToken(world.call({ principal: holder }), holder.tokens.refresh),
  },
  {
    rival: "log-out everywhere",
    reason: "logged_out_everywhere",
    end: (holder) => logOutEverywhere(world.call({ principal: holder })),
  },
  {
    rival: "log-out of this device from another",
    reason: "revoked_by_owner",
    prepare: elsewhere,
    end: ({ session }, there) => revokeOwnSession(world.call({ principal: there as Holder }), session.id),
  },
  {
    rival: "log-out of all others from another",
    reason: "revoked_by_owner",
    prepare: elsewhere,
    end: (_, there) => revokeOtherSessions(world.call({ principal: there as Holder })),
  },
  {
    rival: "log-out by an admin",
    reason: "revoked_by_admin",
    end: ({ user }) => logOutUser(world.call(), { userId: user.id }),
  },
  {
    rival: "deactivation",
    reason: "account_deactivated",
    end: ({ user }) => deactivateUser(world.call(), { userId: user.id }),
  },
];

describe.each(rivals)("a refresh against $rival", ({ reason, prepare, end }) => {
  it(`${ROUNDS} rounds: the session is over, for that reason, whoever came first`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const holder = await someone(world);
      const there = await prepare?.(holder);
      const acts = [() => refresh(holder.tokens.refresh), () => end(holder, there)];
      if (round % 2) acts.reverse();
      const outcomes = await Promise.all(acts.map((act) => act()));
      await expectOver(holder, outcomes[round % 2] as Refresh, reason);
    }
  });

  it("the refresh comes first: it is answered, and its pair is dead", async () => {
    const holder = await someone(world);
    const there = await prepare?.(holder);
    const acts: (() => Promise<unknown>)[] = [() => refresh(holder.tokens.refresh), () => end(holder, there)];
    const [outcome] = await inLockOrder(world.db, { table: "sessions", id: holder.session.id }, acts);
    expect(outcome).toMatchObject({ kind: "refreshed" });
    await expectOver(holder, outcome as Refresh, reason);
  });

  it("the refresh comes second: it is refused", async () => {
    const holder = await someone(world);
    const there = await prepare?.(holder);
    const acts: (() => Promise<unknown>)[] = [() => end(holder, there), () => refresh(holder.tokens.refresh)];
    const [, outcome] = await inLockOrder(world.db, { table: "sessions", id: holder.session.id }, acts);
    expect(outcome).toEqual(refused.blacklisted(reason));
    await expectOver(holder, outcome as Refresh, reason);
  });
});

describe("a refresh against a thief who replays the spent token", () => {
  it(`${ROUNDS} rounds: the session is over as reuse, and neither holds a live pair`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { holder, spent } = await rotated();
      const acts = [() => refresh(holder.tokens.refresh), () => refresh(spent, null, THIEF)];
      if (round % 2) acts.reverse();
      const outcomes = await Promise.all(acts.map((act) => act()));
      expect(outcomes[1 - (round % 2)]).toEqual(refused.blacklisted("token_reused"));
      await expectOver(holder, outcomes[round % 2] as Refresh, "token_reused");
    }
  });

  it.each([0, 1])("the same when the lock is given to them in turn, %i", async (first) => {
    const { holder, spent } = await rotated();
    const acts = [() => refresh(holder.tokens.refresh), () => refresh(spent, null, THIEF)];
    if (first === 1) acts.reverse();
    const outcomes = await inLockOrder(world.db, { table: "sessions", id: holder.session.id }, acts);
    expect(outcomes[1 - first]).toEqual(refused.blacklisted("token_reused"));
    await expectOver(holder, outcomes[first] as Refresh, "token_reused");
  });

  /** A holder who has refreshed once, and the token they spent. */
  async function rotated() {
    const holder = await someone(world);
    const spent = holder.tokens.refresh;
    const next = await refresh(spent);
    if (next.kind !== "refreshed") throw new Error(JSON.stringify(next));
    const tokens = { access: next.tokens.access, refresh: next.tokens.refresh ?? "" };
    return { spent, holder: { ...holder, session: await sessionRow(world.db, holder.session.id), tokens } };
  }
});

describe("a refresh against the blacklisting of its token", () => {
  it(`${ROUNDS} rounds: the session is over, recorded once`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const holder = await someone(world);
      const acts = [
        () => refresh(holder.tokens.refresh),
        () => blacklistToken(world.call(), holder.tokens.refresh),
      ];
      if (round % 2) acts.reverse();
      const outcomes = await Promise.all(acts.map((act) => act()));
      const blacklisting = outcomes[1 - (round % 2)];
      const reason = blacklisting?.kind === "blacklisted" ? "logged_out" : "token_reused";
      if (reason === "token_reused") expect(blacklisting).toEqual(refused.blacklisted("token_reused"));
      await expectOver(holder, outcomes[round % 2] as Refresh, reason);
    }
  });
});

describe("five devices refresh while the person logs out everywhere", () => {
  it(`${ROUNDS} rounds: not one of them lives on`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const user = await insertPerson(world.db);
      const holders = await times(5, () => openSession(world.app, user));
      const [holder] = holders;
      if (!holder) throw new Error("nobody logged in");
      const ending = () => logOutEverywhere(world.call({ principal: holder }));
      const acts: (() => Promise<unknown>)[] = holders.map(
        ({ tokens }) =>
          () =>
            refresh(tokens.refresh),
      );
      acts.splice(round % 6, 0, ending);
      await Promise.all(acts.map((act) => act()));
      const rows = await sessionsOf(world.db, user.id);
      expect(rows.map(({ revokedReason }) => revokedReason)).toEqual(Array(5).fill("logged_out_everywhere"));
      expect(await endingsOf(world.db, user.id)).toHaveLength(5);
    }
  });
});

describe("a refresh against a second log-in", () => {
  it(`${ROUNDS} rounds: both get what they asked for, and neither session touches the other`, async () => {
    const user = await world.person();
    for (let round = 0; round < ROUNDS; round += 1) {
      const holder = await openSession(world.app, user);
      const [turned, entered] = await Promise.all([
        refresh(holder.tokens.refresh),
        world.session(user, THIEF),
      ]);
      expect(turned).toMatchObject({ kind: "refreshed", session: { id: holder.session.id, generation: 2 } });
      expect(entered).toMatchObject({ kind: "logged-in", session: { generation: 1 } });
      expect(await refresh(holder.tokens.refresh, KEY, THIEF)).toEqual(refused.blacklisted("token_reused"));
      const live = (await sessionsOf(world.db, user.id)).filter(({ revokedAt }) => revokedAt === null);
      expect(live).toHaveLength(round + 1);
    }
    expect(await endingsOf(world.db, user.id)).toHaveLength(ROUNDS);
  });

  it(`${ROUNDS} rounds at the cap: whoever is least recently used goes, and never more than one`, async () => {
    const user = await insertPerson(world.db);
    for (let round = 0; round < ROUNDS; round += 1) {
      world.clock.advance(1);
      const oldest = await openSession(world.app, user);
      await insertSessions(world.db, user, 99, secondsAfter(world.clock.now(), 1));
      world.clock.advance(2);
      const [turned] = await Promise.all([refresh(oldest.tokens.refresh), openSession(world.app, user)]);
      const rows = await sessionsOf(world.db, user.id);
      expect(rows.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(100);
      const mine = rows.find(({ id }) => id === oldest.session.id);
      expect([null, "replaced"]).toContain(mine?.revokedReason);
      if (mine?.revokedReason) expect(await newest(turned)).toEqual(refused.blacklisted("replaced"));
      else expect(turned).toMatchObject({ kind: "refreshed" });
      await logOutUser(world.call(), { userId: user.id });
    }
  });

  async function newest(outcome: Refresh) {
    return outcome.kind === "refreshed" ? refresh(outcome.tokens.refresh ?? "") : outcome;
  }
});

/** The session ended once, for `reason`; no token of it opens anything, and trying changes nothing. */
async function expectOver({ user, session, tokens }: Holder, outcome: Refresh, reason: RevokedReason) {
  const over = refused.blacklisted(reason);
  const won = outcome.kind === "refreshed";
  if (!won) expect(outcome).toEqual(over);
  const row = await sessionRow(world.db, session.id);
  expect(row).toMatchObject({ generation: session.generation + (won ? 1 : 0), revokedReason: reason });

  const held = won ? [tokens, outcome.tokens] : [tokens];
  for (const { access, refresh: token = "" } of held) {
    expect(await refresh(token)).toEqual(over);
    expect(await refresh(token, KEY, THIEF)).toEqual(over);
    expect(await authenticate(world.call(), access)).toEqual(refused.bearer("Token is blacklisted", reason));
  }
  expect(await sessionRow(world.db, session.id)).toEqual(row);
  const endings = (await endingsOf(world.db, user.id)).filter(({ sessionId }) => sessionId === session.id);
  const type = reason === "token_reused" ? "refresh_token.reused" : "session.revoked";
  expect(endings).toEqual([{ type, sessionId: session.id, reason }]);
}
