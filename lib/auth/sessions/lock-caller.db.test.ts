import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { deleteAccount } from "@/lib/auth/account/delete-account.ts";
import { downloadData } from "@/lib/auth/account/download-data.ts";
import { renameUser } from "@/lib/auth/account/rename-user.ts";
import { changeUser } from "@/lib/auth/admin/change-user.ts";
import { inviteUser } from "@/lib/auth/admin/invite-user.ts";
import { logOutUser } from "@/lib/auth/admin/log-out-user.ts";
import { revokeSession } from "@/lib/auth/admin/revoke-session.ts";
import { forgetTrustedDevice, trustDevice } from "@/lib/auth/devices/trust-device.ts";
import { changeEmail } from "@/lib/auth/email/change-email.ts";
import { setTwoFactorEmail } from "@/lib/auth/log-in/set-two-factor.ts";
import { startStepUp, stepUpWithPassword, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import { changePassword } from "@/lib/auth/password/change-password.ts";
import { freshAddress, proveChange, startChange } from "@/lib/testing/email-change.ts";
import { inLockOrder } from "@/lib/testing/lock-order.ts";
import { lastCodeTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionRow, userRow, writeUser } from "@/lib/testing/records.ts";
import {
  asTyped,
  challengesOf,
  createTwoStepWorld,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { type Holder, openSession } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { revokeOtherSessions, revokeOwnSession } from "./revoke-own-sessions.ts";

const world = createTwoStepWorld();
const now = () => world.clock.now();
const ended = { kind: "failure", code: "token_not_valid" };

type Act = () => Promise<{ kind: string }>;
/** Prepares an act of a thief's session, up to where only the call itself is left. */
type Prepare = (thief: Holder) => Act | Promise<Act>;

const acts: Record<string, Prepare> = {
  "deletes the account": (thief) => () =>
    deleteAccount(world.call({ principal: thief, device: THIEF, now: now() }), PASSWORD),
  "asks for another address": (thief) => {
    const change = { email: freshAddress(), password: PASSWORD };
    return () => changeEmail(world.call({ principal: thief, device: THIEF, now: now() }), change);
  },
  "proves another address": async (thief) => {
    const started = await startChange(world, thief, freshAddress());
    return () => proveChange(world, thief, started);
  },
  "changes the password": (thief) => {
    const change = { currentPassword: PASSWORD, newPassword: "a thief's pass phrase" };
    return () => changePassword(world.call({ principal: thief, device: THIEF, now: now() }), change);
  },
  "turns two-step log-in off": (thief) => () =>
    setTwoFactorEmail(world.call({ principal: thief, device: THIEF, now: now() }), false),
  "renames the person": (thief) => () =>
    renameUser(world.call({ principal: thief, device: THIEF, now: now() }), "Mallory"),
  "forgets a trusted device": async (thief) => {
    await trustDevice(world.db, thief.user.id, { device: LAPTOP, now: now() });
    const [device] = await trustedDevicesOf(world.db, thief.user.id);
    return () => forgetTrustedDevice(world.call({ principal: thief, now: now() }), device?.id ?? "");
  },
  "downloads the data": (thief) => () =>
    downloadData(world.call({ principal: thief, device: THIEF, now: now() })),
  "logs the other devices out": (thief) => () =>
    revokeOtherSessions(world.call({ principal: thief, device: THIEF, now: now() })),
  "asks for a code to step up": (thief) => () =>
    startStepUp(world.call({ principal: thief, device: THIEF, now: now() })),
  "steps up by code": async (thief) => {
    const sent = await startStepUp(world.call({ principal: thief, device: THIEF, now: now() }));
    const challenge = sent.kind === "asked" ? sent.challenge.challenge : "";
    const code = await lastCodeTo(world.app, thief.user.email);
    return () =>
      stepUpWithProof(
        world.call({ principal: thief, device: THIEF, now: now() }),
        asTyped({ challenge, code }),
      );
  },
  "steps up by password": (thief) => () =>
    stepUpWithPassword(world.call({ principal: thief, device: THIEF, now: now() }), PASSWORD),
};

/** What an admin's session does to others. */
const adminActs: Record<string, Prepare> = {
  "takes somebody's access": async (thief) => {
    const { id: userId } = await world.person();
    return () =>
      changeUser(world.call({ principal: thief, device: THIEF, now: now() }), {
        userId,
        change: { is_active: false },
      });
  },
  "invites another admin": (thief) => {
    const invitation = { email: freshAddress(), role: "admin" } as const;
    return () => inviteUser(world.call({ principal: thief, device: THIEF, now: now() }), invitation);
  },
  "logs somebody out": async (thief) => {
    const { id: userId } = await world.person();
    return () => logOutUser(world.call({ principal: thief, device: THIEF, now: now() }), { userId });
  },
  "ends somebody's session": async (thief) => {
    const { session } = await openSession(world.app, await world.person());
    return () =>
      revokeSession(world.call({ principal: thief, device: THIEF, now: now() }), { sessionId: session.id });
  },
};

let admin: Holder;
beforeAll(async () => {
  admin = await openSession(world.app, await world.person({ role: "admin" }));
});

/** Everything that an act could leave behind with the person. */
async function stateOf({ user }: Holder) {
  const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type !== "session.revoked");
  return [
    await userRow(world.db, user.id),
    await trustedDevicesOf(world.db, user.id),
    (await challengesOf(world.db, user.id)).map(({ id, consumedAt }) => [id, consumedAt]),
    events.map(({ type }) => type),
  ];
}

describe("a session that its owner ends while its call waits for the person", () => {
  it.each(Object.entries({ ...acts, ...adminActs }))("%s no more", async (name, prepare) => {
    const user = await world.person({ role: name in adminActs ? "admin" : "user" });
    const [owner, thief] = [await openSession(world.app, user), await openSession(world.app, user, THIEF)];
    const act = await prepare(thief);
    const before = await stateOf(thief);
    const end = () => revokeOwnSession(world.call({ principal: owner, now: now() }), thief.session.id);
    const outcomes = await inLockOrder<{ kind: string }>(world.db, { table: "users", id: user.id }, [
      act,
      end,
    ]);
    expect(outcomes).toEqual([expect.objectContaining(ended), { kind: "revoked" }]);
    expect(await stateOf(thief)).toEqual(before);
    expect((await sessionRow(world.db, owner.session.id)).revokedAt).toBeNull();
  });

  it.each(Object.entries(acts))("%s where nobody ends it", async (_, prepare) => {
    const thief = await openSession(world.app, await world.person(), THIEF);
    const act = await prepare(thief);
    expect((await act()).kind).not.toMatch(/failure|invalid/);
  });
});

describe("an admin who is demoted while their call waits", () => {
  it.each(Object.entries(adminActs))("%s no more", async (_, prepare) => {
    const former = await openSession(world.app, await world.person({ role: "admin" }));
    const act = await prepare(former);
    const change = { userId: former.user.id, change: { role: "user" } } as const;
    const demote = () => changeUser(world.call({ principal: admin, now: now() }), change);
    const held = { table: "users", id: former.user.id } as const;
    const [demoted, acted] = await inLockOrder<{ kind: string }>(world.db, held, [demote, act]);
    expect(demoted).toMatchObject({ kind: "shown" });
    expect(acted).toMatchObject({ kind: "failure", code: "permission_denied" });
    await writeUser(world.db, former.user.id, { isActive: false });
  });
});

describe("a verb of a logged-in person that locks them in another way", () => {
  /** Each asks the session in its own way, or needs none. */
  const others = {
    "change-password.ts": "writes auth_time of the live session, which no ended one has",
    "step-up.ts": "by password, the same",
    "verify-own-password.ts": "records a wrong password, and decides nothing",
    "invite-user.ts": "locks whom it invites",
    "log-out.ts": "whoever held a session may leave, and take every other along",
  };

  it("is one of these, for these reasons", () => {
    const paths = readdirSync("lib/auth", { recursive: true, encoding: "utf8" });
    const verbs = paths.filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
    const locking = verbs.filter((path) => {
      const text = readFileSync(join("lib/auth", path), "utf8");
      return /Principal|LoggedInCall/.test(text) && text.includes("lockUser(");
    });
    expect(locking.map((path) => basename(path)).sort()).toEqual(Object.keys(others).sort());
  });
});
