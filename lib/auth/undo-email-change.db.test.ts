import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app.ts";
import { changeTo, freshAddress, robbed, startChange } from "@/lib/testing/email-change.ts";
import { countWaiting } from "@/lib/testing/lock-order.ts";
import { lastTokenTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, eventsOf, insertPerson, sessionRow, sessionsOf, userRow } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  createTwoStepWorld,
  entered,
  PHONE,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { authenticate } from "./authenticate.ts";
import { deactivateUser } from "./deactivate-user.ts";
import { disownLogIn } from "./disown-log-in.ts";
import { logOutEverywhere } from "./log-out.ts";
import { logOutUser } from "./log-out-user.ts";
import { openChallenge } from "./open-challenge.ts";
import { resetPassword } from "./reset-password.ts";
import { undoEmailChange } from "./undo-email-change.ts";

const DAY = 24 * 60 * 60;
const NEW_PASSWORD = "a better pass phrase";
const notValid = {
  kind: "invalid-fields",
  fields: { token: ["This link was used, or is older than seven days."] },
};
const taken = {
  kind: "invalid-fields",
  fields: {
    token: [
      "Another account has this address now, so nothing was changed. Delete that account, or ask whoever runs this site.",
    ],
  },
};
const undone = { kind: "undone", resetToken: expect.stringMatching(/^[\w-]{43}$/) };

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const undo = (secret: string, app = world.app) => undoEmailChange(app, secret, PHONE, world.clock.now());
const undoLinkTo = (email: string) => lastTokenTo(world.app, email, "/undo-email-change");

async function addressOf(userId: string) {
  return (await userRow(world.db, userId)).email;
}

async function stateOf(userId: string) {
  return [
    await sessionsOf(world.db, userId),
    await challengesOf(world.db, userId),
    await trustedDevicesOf(world.db, userId),
    await userRow(world.db, userId),
  ];
}

describe("1. the link is unknown, used or expired, or was made for something else", () => {
  it.each(["", "x", "a".repeat(43), "x".repeat(60_000)])("refuses what was never a link", async (secret) => {
    expect(await undo(secret)).toEqual(notValid);
  });

  it("changes nothing where the mail is only read", async () => {
    const { user, thief } = await robbed(world, THIEF);
    const before = await stateOf(user.id);
    await mailsTo(world.app, user.email);
    expect(await stateOf(user.id)).toEqual(before);
    expect(await addressOf(user.id)).toBe(thief.user.email);
  });

  it("works a second before its seven days are over, and not when they are", async () => {
    const [early, late] = [await robbed(world, THIEF), await robbed(world, THIEF)];
    world.clock.advance(7 * DAY - 2);
    expect(await undo(early.secret)).toEqual(undone);
    world.clock.advance(2);
    expect(await undo(late.secret)).toEqual(notValid);
    expect(await addressOf(late.user.id)).toBe(late.thief.user.email);
  });

  it("refuses a second use, and ends nothing that was begun since the first", async () => {
    const { user, secret } = await robbed(world, THIEF);
    await undo(secret);
    const { session } = await openSession(world.app, user);
    expect(await undo(secret)).toEqual(notValid);
    expect(await sessionRow(world.db, session.id)).toEqual(session);
  });

  it("refuses other secrets of the same person, and spends none of them", async () => {
    const { user, own, thief, secret } = await robbed(world, THIEF);
    const notMe = await lastTokenTo(world.app, user.email, "/not-me");
    const { challenge, code } = await world.start(thief.user);
    const change = await startChange(world, thief, freshAddress());
    for (const other of [notMe, challenge, change.challenge, own.tokens.refresh, own.tokens.access]) {
      expect(await undo(other)).toEqual(notValid);
    }
    expect(await disownLogIn(world.app, secret, PHONE, world.clock.now())).toMatchObject({
      kind: "invalid-fields",
    });
    const reset = { token: secret, password: NEW_PASSWORD };
    expect(await resetPassword(world.app, reset, THIEF, world.clock.now())).toMatchObject({
      kind: "invalid-fields",
    });
    entered(await world.answer(challenge, code));
    expect(await undo(secret)).toEqual(undone);
  });

  it("refuses for an inactive person", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    await deactivateUser(world.app, { userId: user.id }, world.clock.now());
    expect(await undo(secret)).toEqual(notValid);
    expect(await addressOf(user.id)).toBe(thief.user.email);
  });

  it("refuses once the person is gone", async () => {
    const { user, secret } = await robbed(world, THIEF);
    await world.db.$client`delete from users where id = ${user.id}`;
    expect(await undo(secret)).toEqual(notValid);
  });
});

describe("2. somebody else has the address now", () => {
  it("says so, changes nothing, and stays good for when they don't any more", async () => {
    const { user, secret } = await robbed(world, THIEF);
    const newcomer = await insertPerson(world.db, { email: user.email.toUpperCase() });
    const before = await stateOf(user.id);
    expect(await undo(secret)).toEqual(taken);
    expect(await stateOf(user.id)).toEqual(before);
    expect(await addressOf(newcomer.id)).toBe(user.email.toUpperCase());
    expect(await subjectsTo(world.app, user.email)).not.toContain("A change of your address was undone");
    await world.db.$client`delete from users where id = ${newcomer.id}`;
    expect(await undo(secret)).toEqual(undone);
    expect(await addressOf(user.id)).toBe(user.email);
  });

  it("waits for somebody who is just getting it, says so then, and stays good", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    let undoing: ReturnType<typeof undo> | undefined;
    const newcomer = await world.db.transaction(async (registration) => {
      const made = await insertPerson(registration as unknown as typeof world.db, { email: user.email });
      undoing = undo(secret, there);
      while ((await countWaiting(world.db)) < 1);
      return made;
    });
    expect(await undoing).toEqual(taken);
    expect(await addressOf(user.id)).toBe(thief.user.email);
    expect((await sessionRow(world.db, thief.session.id)).revokedAt).toBeNull();
    await world.db.$client`delete from users where id = ${newcomer.id}`;
    expect(await undo(secret)).toEqual(undone);
  });
});

describe("3. the change is undone", () => {
  it("gives the address back and logs everybody out, the person too", async () => {
    const { user, own, thief, secret } = await robbed(world, THIEF);
    const now = world.clock.now();
    expect(await undo(secret)).toEqual(undone);
    expect(await userRow(world.db, user.id)).toMatchObject({ email: user.email, emailVerifiedAt: now });
    for (const { tokens } of [own, thief]) {
      expect(await authenticate(world.app, tokens.access, now)).toEqual(
        refused.bearer("Token is blacklisted", "revoked_by_owner"),
      );
    }
    expect(await endingsOf(world.db, user.id)).toHaveLength(2);
  });

  it("ends every trusted device and all that waits, what was mailed to the thief too", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    const { challenge, code } = await world.start(thief.user, { device: THIEF });
    const device = entered(await world.answer(challenge, code, { device: THIEF, trustDevice: true }));
    await world.start(thief.user, { device: THIEF });
    await startChange(world, thief, freshAddress());
    const reset = { purpose: "password-reset", userId: user.id, lifetimeSeconds: 1800 } as const;
    const token = await openChallenge(world.db, reset, world.clock.now());
    await undo(secret);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    expect(await world.logIn(user, { deviceToken: device.deviceToken ?? "" })).toMatchObject({
      code: "two_factor_required",
    });
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open.map(({ purpose }) => purpose).sort()).toEqual(["log-in", "password-reset"]);
    const resetting = resetPassword(world.app, { token, password: NEW_PASSWORD }, THIEF, world.clock.now());
    expect(await resetting).toMatchObject({ kind: "invalid-fields" });
  });

  it("leads to one new password, within half an hour, and the thief's is worth nothing", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    const outcome = await undo(secret);
    const token = outcome.kind === "undone" ? outcome.resetToken : "";
    world.clock.advance(30 * 60 - 1);
    const reset = () => resetPassword(world.app, { token, password: NEW_PASSWORD }, PHONE, world.clock.now());
    expect(await reset()).toEqual({ kind: "reset" });
    expect(await reset()).toMatchObject({ kind: "invalid-fields" });
    for (const email of [user.email, thief.user.email]) {
      expect(await world.logIn({ email }, { device: THIEF })).toMatchObject({ code: "no_active_account" });
    }
    expect(await world.logIn(user, { password: NEW_PASSWORD })).toMatchObject({
      code: "two_factor_required",
    });
  });

  it("tells both addresses, and gives neither a link that does anything", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    world.clock.advance(1);
    await undo(secret);
    const [toOld] = await mailsTo(world.app, user.email);
    const [toNew] = await mailsTo(world.app, thief.user.email);
    expect(toOld?.text).toContain("has this address again");
    expect(toNew?.text).toContain("has its earlier address back");
    for (const mail of [toOld, toNew]) {
      expect(mail?.subject).toBe("A change of your address was undone");
      expect(`${mail?.text}${mail?.html}`).not.toContain("token=");
    }
    expect(toNew?.text).not.toContain(user.email);
    expect(toOld?.text).not.toContain(thief.user.email);
  });

  it("is recorded with both addresses masked, and from where", async () => {
    const { user, secret } = await robbed(world, THIEF);
    await undo(secret);
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "email.change_undone");
    expect(events).toEqual([
      expect.objectContaining({
        ip: PHONE.ip,
        data: { from: "n•••@example.net", to: `${user.email[0]}•••@example.com` },
      }),
    ]);
  });

  it("is done by one of thirty uses at one moment, at two processes", async () => {
    const { user, secret } = await robbed(world, THIEF);
    const outcomes = await times(30, (index) => undo(secret, index % 2 ? there : world.app));
    expect(outcomes.filter(({ kind }) => kind === "undone")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "undone")).toEqual(Array(29).fill(notValid));
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "email.change_undone");
    expect(events).toHaveLength(1);
  });

  it("touches nobody else", async () => {
    const [ada, eve] = [await robbed(world, THIEF), await robbed(world, THIEF)];
    const before = await stateOf(eve.user.id);
    await undo(ada.secret);
    expect(await stateOf(eve.user.id)).toEqual(before);
  });

  it("changes nothing where the mail can't be written, and the link stays good", async () => {
    const { user, secret } = await robbed(world, THIEF);
    const before = await stateOf(user.id);
    const mend = await breakInserts(world.db, "outbox");
    await expect(undo(secret)).rejects.toThrow();
    await mend();
    expect(await stateOf(user.id)).toEqual(before);
    expect(await undo(secret)).toEqual(undone);
  });
});

describe("a thief who has the new mailbox", () => {
  it.each([
    [
      "resets the password",
      async (thief: Robbed["thief"]) => {
        const reset = { purpose: "password-reset", userId: thief.user.id, lifetimeSeconds: 1800 } as const;
        const token = await openChallenge(world.db, reset, world.clock.now());
        await resetPassword(world.app, { token, password: NEW_PASSWORD }, THIEF, world.clock.now());
      },
    ],
    [
      "logs out everywhere",
      async (thief: Robbed["thief"]) => {
        await logOutEverywhere(world.app, thief, THIEF, world.clock.now());
      },
    ],
    [
      "says that a log-in of their own wasn't them",
      async ({ user }: Robbed["thief"]) => {
        const { challenge, code } = await world.start(user, { device: { ...THIEF, userAgent: "curl/8" } });
        entered(await world.answer(challenge, code, { device: { ...THIEF, userAgent: "curl/8" } }));
        const secret = await lastTokenTo(world.app, user.email, "/not-me");
        await disownLogIn(world.app, secret, THIEF, world.clock.now());
      },
    ],
    [
      "changes the address once more",
      async (thief: Robbed["thief"]) => {
        await changeTo(world, thief, freshAddress(), { device: THIEF });
      },
    ],
    [
      "changes the address once more and undoes that",
      async (thief: Robbed["thief"]) => {
        await changeTo(world, thief, freshAddress(), { device: THIEF });
        expect(await undo(await undoLinkTo(thief.user.email))).toEqual(undone);
      },
    ],
    [
      "gets logged out by an administrator",
      async ({ user }: Robbed["thief"]) => {
        await logOutUser(world.app, { userId: user.id }, world.clock.now());
      },
    ],
  ])("%s, and the link in the old mailbox works all the same", async (_act, act) => {
    const { user, secret, thief } = await robbed(world, THIEF);
    world.clock.advance(1);
    await act(thief);
    world.clock.advance(1);
    expect(await undo(secret)).toEqual(undone);
    expect(await addressOf(user.id)).toBe(user.email);
    const live = (await sessionsOf(world.db, user.id)).filter(({ revokedAt }) => revokedAt === null);
    expect(live).toEqual([]);
  });

  it("can't take the account again by links that later changes sent to their own mailboxes", async () => {
    const { user, secret, thief } = await robbed(world, THIEF);
    await changeTo(world, thief, freshAddress(), { device: THIEF });
    const theirs = await undoLinkTo(thief.user.email);
    await undo(secret);
    expect(await undo(theirs)).toEqual(notValid);
    expect(await addressOf(user.id)).toBe(user.email);
  });

  it("loses against the person whichever link is used first at one moment", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { user, secret, thief } = await robbed(world, THIEF);
      await changeTo(world, thief, freshAddress(), { device: THIEF });
      const theirs = await undoLinkTo(thief.user.email);
      const uses = [() => undo(secret), () => undo(theirs, there)];
      if (round % 2) uses.reverse();
      await Promise.all(uses.map((use) => use()));
      expect(await addressOf(user.id)).toBe(user.email);
    }
  });
});

describe("an account whose address was changed twice", () => {
  async function changedTwice() {
    const user = await world.person();
    const first = await changeTo(world, await openSession(world.app, user), freshAddress());
    const second = await changeTo(world, first, freshAddress());
    return { addresses: [user.email, first.user.email, second.user.email] as const, userId: user.id };
  }

  it("goes back to the first address by the first link, within its own seven days", async () => {
    const { addresses, userId } = await changedTwice();
    expect(await undo(await undoLinkTo(addresses[0]))).toEqual(undone);
    expect(await addressOf(userId)).toBe(addresses[0]);
  });

  it("goes back to the second, and from there still to the first", async () => {
    const { addresses, userId } = await changedTwice();
    expect(await undo(await undoLinkTo(addresses[1]))).toEqual(undone);
    expect(await addressOf(userId)).toBe(addresses[1]);
    expect(await undo(await undoLinkTo(addresses[0]))).toEqual(undone);
    expect(await addressOf(userId)).toBe(addresses[0]);
    expect(await subjectsTo(world.app, addresses[2])).toContain("A change of your address was undone");
  });

  it("lets a person who went back by themselves use the link too: it logs everybody out", async () => {
    const user = await world.person();
    const away = await changeTo(world, await openSession(world.app, user, LAPTOP), freshAddress());
    const back = await changeTo(world, away, user.email);
    world.clock.advance(1);
    expect(await undo(await undoLinkTo(user.email))).toEqual(undone);
    expect((await sessionRow(world.db, back.session.id)).revokedReason).toBe("revoked_by_owner");
    expect(await subjectsTo(world.app, user.email)).toContain("A change of your address was undone");
  });
});

type Robbed = Awaited<ReturnType<typeof robbed>>;
