import { describe, expect, it, vi } from "vitest";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { blacklistToken } from "@/lib/auth/rotation/blacklist-token.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import {
  endingsOf,
  eventsOf,
  insertPerson,
  sessionRow,
  sessionsOf,
  writeSession,
} from "@/lib/testing/records.ts";
import { claimsOf, type Holder, openSession, refused, someone, times } from "@/lib/testing/wire.ts";
import { createWorld, LAPTOP } from "@/lib/testing/world.ts";
import { signJwt } from "@/lib/tokens/jwt.ts";
import { authenticate } from "./authenticate.ts";
import { logOut, logOutEverywhere, logOutToken } from "./log-out.ts";
import { revokeOtherSessions, revokeOwnSession } from "./revoke-own-sessions.ts";

const DAY = 24 * 60 * 60;
const PHONE: Device = { ip: "198.51.100.4", userAgent: "phone" };
const BYE = { kind: "logged-out" };

const world = createWorld();
const now = () => world.clock.now();
type Held = { access: string | null; refresh: string | null };
const outWith = (held: Partial<Held>, device = LAPTOP) =>
  logOut(world.call({ device, now: now() }), { access: null, refresh: null, ...held });
const out = (access: string | null, device = LAPTOP) => outWith({ access }, device);
const outToken = (who: Holder, token: string) =>
  logOutToken(world.call({ principal: who, now: now() }), token);
const everywhere = (who: Holder) => logOutEverywhere(world.call({ principal: who, now: now() }));

async function refresh(token: string) {
  const input = { token, delivery: "json", retryKey: null, device: LAPTOP } as const;
  const outcome = await refreshSession(world.call({ now: now() }), input);
  if (outcome.kind !== "refreshed") throw new Error(JSON.stringify(outcome));
  return { access: outcome.tokens.access, refresh: outcome.tokens.refresh ?? "" };
}

const ending = ({ session }: Holder, reason: string) => ({
  type: "session.revoked",
  sessionId: session.id,
  reason,
});

describe("log out with what one holds", () => {
  it("ends its session, at once and for every token of it, and records who, where and why", async () => {
    const who = await someone(world);
    expect(await out(who.tokens.access, PHONE)).toEqual(BYE);
    expect(await sessionRow(world.db, who.session.id)).toEqual({
      ...who.session,
      revokedAt: now(),
      revokedReason: "logged_out",
    });
    expect(await authenticate(world.call({ now: now() }), who.tokens.access)).toEqual(
      refused.bearer("Token is blacklisted", "logged_out"),
    );
    const events = await eventsOf(world.db, who.user.id);
    expect(events.filter(({ type }) => type === "session.revoked")).toEqual([
      expect.objectContaining({ sessionId: who.session.id, ...PHONE, data: { reason: "logged_out" } }),
    ]);
  });

  it("leaves the person's other devices, and everybody else, logged in", async () => {
    const who = await someone(world);
    const elsewhere = await openSession(world.app, who.user);
    const stranger = await someone(world);
    await out(who.tokens.access);
    for (const { session } of [elsewhere, stranger]) {
      expect(await sessionRow(world.db, session.id)).toEqual(session);
    }
  });

  it("ends it also when the token has expired meanwhile, or is of an earlier generation", async () => {
    const late = await someone(world);
    const turned = await someone(world);
    await refresh(turned.tokens.refresh);
    world.clock.advance(2 * DAY);
    for (const who of [late, turned]) {
      expect(await out(who.tokens.access)).toEqual(BYE);
      expect(await sessionRow(world.db, who.session.id)).toMatchObject({ revokedReason: "logged_out" });
    }
  });

  it("again, is as good as once: nothing more is recorded and the reason stays", async () => {
    const who = await someone(world);
    await everywhere(who);
    const row = await sessionRow(world.db, who.session.id);
    world.clock.advance(60);
    expect(await out(who.tokens.access)).toEqual(BYE);
    expect(await sessionRow(world.db, who.session.id)).toEqual(row);
    expect(await endingsOf(world.db, who.user.id)).toEqual([ending(who, "logged_out_everywhere")]);
  });

  it("a refresh token ends it too, spent or expired, and each of two tokens ends its own session", async () => {
    const spent = await someone(world);
    await refresh(spent.tokens.refresh);
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user);
    expect(await outWith({ refresh: spent.tokens.refresh })).toEqual(BYE);
    expect(await outWith({ access: here.tokens.access, refresh: elsewhere.tokens.refresh })).toEqual(BYE);
    for (const who of [spent, here, elsewhere]) {
      expect(await sessionRow(world.db, who.session.id)).toMatchObject({ revokedReason: "logged_out" });
    }
    expect(await endingsOf(world.db, spent.user.id)).toEqual([ending(spent, "logged_out")]);
    const late = await someone(world);
    world.clock.advance(4 * DAY);
    await writeSession(world.db, late.session.id, { idleExpiresAt: secondsAfter(now(), DAY) });
    expect(await outWith({ refresh: late.tokens.refresh })).toEqual(BYE);
    expect(await sessionRow(world.db, late.session.id)).toMatchObject({ revokedReason: "logged_out" });
  });

  it("two tokens of one session end it in one transaction", async () => {
    const { tokens, user } = await someone(world);
    const transaction = vi.spyOn(world.app, "transaction");
    expect(await outWith({ access: tokens.access, refresh: tokens.refresh })).toEqual(BYE);
    expect(transaction).toHaveBeenCalledOnce();
    transaction.mockRestore();
    expect(await endingsOf(world.db, user.id)).toHaveLength(1);
  });

  it("without a token, with nonsense or with tokens in each other's place, ends nothing and says goodbye all the same", async () => {
    const who = await someone(world);
    const stolen = { ...claimsOf(who.tokens.access), user_id: (await insertPerson(world.db)).id };
    const forged = await signJwt(world.app.tokens.keys.access, { ...stolen, sub: stolen.user_id });
    for (const token of [null, "", "x", who.tokens.refresh, `${who.tokens.access}x`, forged]) {
      expect(await out(token)).toEqual(BYE);
    }
    for (const token of [null, "", "x", who.tokens.access, `${who.tokens.refresh}x`]) {
      expect(await outWith({ refresh: token })).toEqual(BYE);
    }
    expect(await sessionRow(world.db, who.session.id)).toEqual(who.session);
    expect(await endingsOf(world.db, who.user.id)).toEqual([]);
  });
});

describe("1. a refresh token of one of the caller's own sessions", () => {
  it("ends that session, not the one the caller is on", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user, PHONE);
    expect(await outToken(here, elsewhere.tokens.refresh)).toEqual(BYE);
    expect(await sessionRow(world.db, elsewhere.session.id)).toMatchObject({ revokedReason: "logged_out" });
    expect(await sessionRow(world.db, here.session.id)).toEqual(here.session);
  });

  it("spent: ends it as a log-out, and not as theft", async () => {
    const who = await someone(world);
    const next = await refresh(who.tokens.refresh);
    expect(await outToken(who, who.tokens.refresh)).toEqual(BYE);
    expect(await endingsOf(world.db, who.user.id)).toEqual([ending(who, "logged_out")]);
    expect(await authenticate(world.call({ now: now() }), next.access)).toMatchObject({
      extra: { reason: "logged_out" },
    });
  });

  it("expired: ends it while a later one would still open it", async () => {
    const who = await someone(world);
    world.clock.advance(2 * DAY);
    await refresh(who.tokens.refresh);
    world.clock.advance(2 * DAY);
    expect(await outToken(who, who.tokens.refresh)).toEqual(BYE);
    expect(await sessionRow(world.db, who.session.id)).toMatchObject({
      generation: 2,
      revokedReason: "logged_out",
    });
  });

  it("of a session that ended before: goodbye, and its reason stays", async () => {
    const here = await someone(world);
    const elsewhere = await openSession(world.app, here.user);
    await revokeOwnSession(world.call({ principal: here, now: now() }), elsewhere.session.id);
    expect(await outToken(here, elsewhere.tokens.refresh)).toEqual(BYE);
    expect(await endingsOf(world.db, here.user.id)).toEqual([ending(elsewhere, "revoked_by_owner")]);
  });
});

describe("2. anything else", () => {
  it("somebody else's token is refused as invalid, and their session lives on", async () => {
    const eve = await someone(world);
    const ada = await someone(world);
    expect(await outToken(eve, ada.tokens.refresh)).toEqual(refused.invalid);
    for (const { user, session } of [eve, ada]) {
      expect(await sessionRow(world.db, session.id)).toEqual(session);
      expect(await endingsOf(world.db, user.id)).toEqual([]);
    }
  });

  it("somebody else's session under the caller's own name ends nothing, even under our own signature", async () => {
    const eve = await someone(world);
    const ada = await someone(world);
    const forged = await signJwt(world.app.tokens.keys.refresh, {
      ...claimsOf(ada.tokens.refresh),
      user_id: eve.user.id,
      sub: eve.user.id,
    });
    await outToken(eve, forged);
    expect(await sessionRow(world.db, ada.session.id)).toEqual(ada.session);
    expect(await sessionRow(world.db, eve.session.id)).toEqual(eve.session);
  });

  it("an access token and nonsense are invalid, and nothing ends", async () => {
    const who = await someone(world);
    for (const token of [who.tokens.access, "", "x", "a.b.c", `${who.tokens.refresh} `]) {
      expect(await outToken(who, token)).toEqual(refused.invalid);
    }
    expect(await sessionRow(world.db, who.session.id)).toEqual(who.session);
  });
});

describe("log out everywhere", () => {
  it("ends every session of the caller, this one too, each recorded, and nobody else's", async () => {
    const here = await someone(world);
    const others = await times(4, () => openSession(world.app, here.user, PHONE));
    const stranger = await someone(world);
    expect(await everywhere(here)).toEqual(BYE);
    const rows = await sessionsOf(world.db, here.user.id);
    expect(rows.map(({ revokedReason }) => revokedReason)).toEqual(Array(5).fill("logged_out_everywhere"));
    const recorded = (await endingsOf(world.db, here.user.id)).map(({ sessionId }) => sessionId);
    expect(recorded.sort()).toEqual([here, ...others].map(({ session }) => session.id).sort());
    expect(await sessionRow(world.db, stranger.session.id)).toEqual(stranger.session);
  });

  it("a session that ended before keeps its reason", async () => {
    const here = await someone(world);
    const gone = await openSession(world.app, here.user);
    await out(gone.tokens.access);
    await everywhere(here);
    expect(await sessionRow(world.db, gone.session.id)).toMatchObject({ revokedReason: "logged_out" });
    expect(await endingsOf(world.db, here.user.id)).toHaveLength(2);
  });

  it("ten at once end each session once", async () => {
    const here = await someone(world);
    await times(9, () => openSession(world.app, here.user));
    await times(10, () => everywhere(here));
    const endings = await endingsOf(world.db, here.user.id);
    expect(new Set(endings.map(({ sessionId }) => sessionId)).size).toBe(10);
    expect(endings).toHaveLength(10);
  });
});

describe("a session whose time is just over, while LEEWAY would still let it be refreshed", () => {
  const ways: [string, (who: Holder, app: App) => Promise<unknown>][] = [
    [
      "a log-out",
      (who, app) => logOut(world.call({ app, now: now() }), { access: who.tokens.access, refresh: null }),
    ],
    [
      "a log-out by its token",
      (who, app) => logOutToken(world.call({ app, principal: who, now: now() }), who.tokens.refresh),
    ],
    ["a log-out everywhere", (who, app) => logOutEverywhere(world.call({ app, principal: who, now: now() }))],
    [
      "a log-out from another device",
      (who, app) => revokeOwnSession(world.call({ app, principal: who, now: now() }), who.session.id),
    ],
    ["a blacklisting", (who, app) => blacklistToken(world.call({ app, now: now() }), who.tokens.refresh)],
    [
      "a deactivation",
      (who, app) => deactivateUser(world.call({ app, now: now() }), { userId: who.user.id }),
    ],
  ];

  it.each(ways)("%s ends it all the same", async (_, end) => {
    const app = await world.with({ LEEWAY: "60s" });
    const who = await someone(world);
    world.clock.advance(3 * DAY + 30);
    await end(who, app);
    const input = { token: who.tokens.refresh, delivery: "json", retryKey: null, device: LAPTOP } as const;
    expect(await refreshSession(world.call({ app, now: now() }), input)).toMatchObject({
      detail: "Token is blacklisted",
    });
    expect(await sessionRow(world.db, who.session.id)).toMatchObject({ generation: 1 });
    expect(await endingsOf(world.db, who.user.id)).toHaveLength(1);
  });

  it("so does the replay of a spent token", async () => {
    const app = await world.with({ LEEWAY: "60s" });
    const who = await someone(world);
    const next = await refresh(who.tokens.refresh);
    world.clock.advance(3 * DAY + 30);
    const replay = (token: string) =>
      refreshSession(world.call({ app, now: now() }), {
        token,
        delivery: "json",
        retryKey: null,
        device: PHONE,
      });
    expect(await replay(who.tokens.refresh)).toEqual(refused.blacklisted("token_reused"));
    expect(await replay(next.refresh)).toEqual(refused.blacklisted("token_reused"));
  });
});

describe("every way out at once", () => {
  it("twenty rounds: nothing waits in a circle, and each session ends once", async () => {
    for (let round = 0; round < 20; round += 1) {
      const here = await someone(world);
      const [one, two] = await times(3, () => openSession(world.app, here.user, PHONE));
      if (!one || !two) throw new Error("nobody logged in");
      const spent = one.tokens.refresh;
      await refresh(spent);
      const acts: (() => Promise<unknown>)[] = [
        () => everywhere(here),
        () => out(here.tokens.access),
        () => out(two.tokens.access),
        () => outToken(here, one.tokens.refresh),
        () => revokeOtherSessions(world.call({ principal: two, device: PHONE, now: now() })),
        () => revokeOwnSession(world.call({ principal: one, device: PHONE, now: now() }), here.session.id),
        () =>
          refreshSession(world.call({ now: now() }), {
            token: spent,
            delivery: "json",
            retryKey: null,
            device: PHONE,
          }),
        () =>
          refreshSession(world.call({ now: now() }), {
            token: two.tokens.refresh,
            delivery: "json",
            retryKey: null,
            device: PHONE,
          }),
      ];
      await Promise.all([...acts.slice(round % 8), ...acts.slice(0, round % 8)].map((act) => act()));
      const rows = await sessionsOf(world.db, here.user.id);
      expect(rows.filter(({ revokedAt }) => revokedAt === null)).toEqual([]);
      expect(await endingsOf(world.db, here.user.id)).toHaveLength(rows.length);
    }
  });

  const pairs: [string, (who: Holder) => Promise<unknown>][] = [
    ["a log-out", (who) => out(who.tokens.access)],
    ["a log-out by its refresh token", (who) => outToken(who, who.tokens.refresh)],
    [
      "the device's owner from another",
      (who) => revokeOwnSession(world.call({ principal: who, now: now() }), who.session.id),
    ],
  ];

  it.each(
    pairs,
  )("%s that holds the session, and a log-out everywhere behind it, both come through", async (_, act) => {
    const who = await someone(world);
    const acts = [() => act(who), () => everywhere(who)];
    await inLockOrder(world.db, { table: "sessions", id: who.session.id }, acts);
    expect(await endingsOf(world.db, who.user.id)).toHaveLength(1);
    expect((await sessionRow(world.db, who.session.id)).revokedReason).not.toBe("logged_out_everywhere");
  });

  const endsAll: [string, (who: Holder) => Promise<unknown>][] = [
    ["a log-out everywhere", everywhere],
    ["a deactivation", ({ user }) => deactivateUser(world.call({ now: now() }), { userId: user.id })],
  ];

  it.each(
    endsAll,
  )("a thief's replay that holds the session, and %s behind it, both come through", async (_, endAll) => {
    const who = await someone(world);
    await refresh(who.tokens.refresh);
    const input = { token: who.tokens.refresh, delivery: "json", retryKey: null, device: PHONE } as const;
    const acts: (() => Promise<unknown>)[] = [
      () => refreshSession(world.call({ now: now() }), input),
      () => endAll(who),
    ];
    const [answer] = await inLockOrder(world.db, { table: "sessions", id: who.session.id }, acts);
    expect(answer).toEqual(refused.blacklisted("token_reused"));
    expect(await endingsOf(world.db, who.user.id)).toHaveLength(1);
  });
});
