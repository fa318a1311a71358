import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { logOutUser } from "@/lib/auth/account/log-out-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { disownLogIn } from "@/lib/auth/devices/disown-log-in.ts";
import { setTwoFactorEmail } from "@/lib/auth/log-in/set-two-factor.ts";
import { changePassword } from "@/lib/auth/password/change-password.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { changeTo, freshAddress, robbed, startChange } from "@/lib/testing/email-change.ts";
import { countWaiting } from "@/lib/testing/lock-order.ts";
import { lastTokenTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import {
  endingsOf,
  eventsOf,
  insertPerson,
  sessionRow,
  sessionsOf,
  userRow,
  writeUser,
} from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  createTwoStepWorld,
  entered,
  PHONE,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { type Holder, openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { undoEmailChange } from "./undo-email-change.ts";

const CURL = { ...THIEF, userAgent: "curl/8" };
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
const undone = {
  kind: "undone",
  email: expect.any(String),
  resetToken: expect.stringMatching(/^[\w-]{43}$/),
};

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const undo = (secret: string, app = world.app) => undoEmailChange(world.call({ app, device: PHONE }), secret);
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
    expect(await disownLogIn(world.call({ device: PHONE }), secret)).toMatchObject({
      kind: "invalid-fields",
    });
    const reset = { token: secret, password: NEW_PASSWORD };
    expect(await resetPassword(world.call({ device: THIEF }), reset)).toMatchObject({
      kind: "invalid-fields",
    });
    entered(await world.answer(challenge, code));
    expect(await undo(secret)).toEqual(undone);
  });

  it("refuses for an inactive person", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    await deactivateUser(world.call(), { userId: user.id });
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
      expect(await authenticate(world.call({ now }), tokens.access)).toEqual(
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
      kind: "two-factor-required",
    });
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open.map(({ purpose }) => purpose).sort()).toEqual(["log-in", "password-reset"]);
    const resetting = resetPassword(world.call({ device: THIEF }), { token, password: NEW_PASSWORD });
    expect(await resetting).toMatchObject({ kind: "invalid-fields" });
  });

  it("leads to one new password, within half an hour, and the thief's is worth nothing", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    const outcome = await undo(secret);
    const token = outcome.kind === "undone" ? outcome.resetToken : "";
    world.clock.advance(30 * 60 - 1);
    const reset = () => resetPassword(world.call({ device: PHONE }), { token, password: NEW_PASSWORD });
    expect(await reset()).toEqual({ kind: "reset" });
    expect(await reset()).toMatchObject({ kind: "invalid-fields" });
    for (const email of [user.email, thief.user.email]) {
      expect(await world.logIn({ email }, { device: THIEF })).toMatchObject({ code: "no_active_account" });
    }
    expect(await world.logIn(user, { password: NEW_PASSWORD })).toMatchObject({
      kind: "two-factor-required",
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
        await resetPassword(world.call({ device: THIEF }), { token, password: NEW_PASSWORD });
      },
    ],
    [
      "logs out everywhere",
      async (thief: Robbed["thief"]) => {
        await logOutEverywhere(world.call({ principal: thief, device: THIEF }));
      },
    ],
    [
      "says that a log-in of their own wasn't them",
      async ({ user }: Robbed["thief"]) => {
        const { challenge, code } = await world.start(user, { device: { ...THIEF, userAgent: "curl/8" } });
        entered(await world.answer(challenge, code, { device: { ...THIEF, userAgent: "curl/8" } }));
        const secret = await lastTokenTo(world.app, user.email, "/not-me");
        await disownLogIn(world.call({ device: THIEF }), secret);
      },
    ],
    [
      "changes the address once more",
      async (thief: Robbed["thief"]) => {
        await changeTo(world, thief, freshAddress(), { device: THIEF });
      },
    ],
    [
      "gets logged out by an administrator",
      async ({ user }: Robbed["thief"]) => {
        await logOutUser(world.call(), { userId: user.id });
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

  it("gets no link of their own by changing it once more, and the person still has theirs", async () => {
    const { user, secret, thief } = await robbed(world, THIEF);
    await changeTo(world, thief, freshAddress(), { device: THIEF });
    await expect(undoLinkTo(thief.user.email)).rejects.toThrow("no mail");
    expect(await undo(secret)).toEqual(undone);
    expect(await addressOf(user.id)).toBe(user.email);
  });

  it("can't take the account again by a link of an earlier version, whichever is used first at one moment", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { user, secret, thief } = await robbed(world, THIEF);
      const later = await changeTo(world, thief, freshAddress(), { device: THIEF });
      const theirs = await openChallenge(
        world.db,
        {
          purpose: "undo-email-change",
          userId: user.id,
          pending: { email: thief.user.email },
          lifetimeSeconds: 7 * DAY,
        },
        world.clock.now(),
      );
      const uses = [() => undo(secret), () => undo(theirs, there)];
      if (round % 2) uses.reverse();
      await Promise.all(uses.map((use) => use()));
      expect(await addressOf(user.id)).toBe(user.email);
      expect(await undo(theirs)).toEqual(notValid);
      expect((await sessionRow(world.db, later.session.id)).revokedAt).not.toBeNull();
    }
  });
});

describe("an owner who changes the address back by the settings", () => {
  /** The owner does what anybody does: address back, new password, logged out everywhere, logged in again. */
  async function takesItBack({ user, own }: Robbed) {
    await changeTo(world, { ...own, user: await userRow(world.db, user.id) }, user.email);
    const next = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    const holder = { ...own, user: await userRow(world.db, user.id) };
    expect(await changePassword(world.call({ principal: holder }), next)).toEqual({
      kind: "changed",
    });
    await logOutEverywhere(world.call({ principal: holder }));
    return openSession(world.app, await userRow(world.db, user.id));
  }

  /** Everything that ever came to a mailbox and can be posted without being logged in. */
  async function linksIn(email: string): Promise<string[]> {
    const texts = (await mailsTo(world.app, email)).map(({ text }) => text);
    return texts.flatMap((text) => [...text.matchAll(/\?token=([\w-]+)/g)].map(([, token]) => token ?? ""));
  }

  async function robbedWithNotMe() {
    const victim = await robbed(world, THIEF);
    const { challenge, code } = await world.start(victim.thief.user, { device: CURL });
    entered(await world.answer(challenge, code, { device: CURL }));
    const links = await linksIn(victim.thief.user.email);
    expect(links).toHaveLength(1);
    return { victim, links };
  }

  async function staysTheOwners(userId: string, email: string, holder: Holder, links: string[]) {
    for (const link of links) {
      expect(await undo(link)).toEqual(notValid);
      expect(await disownLogIn(world.call({ device: THIEF }), link)).toMatchObject({
        kind: "invalid-fields",
      });
    }
    expect(await addressOf(userId)).toBe(email);
    expect(await authenticate(world.call(), holder.tokens.access)).toMatchObject({
      kind: "authenticated",
    });
  }

  it("leaves the thief nothing to take the account again, at once or ever", async () => {
    const { victim, links } = await robbedWithNotMe();
    const holder = await takesItBack(victim);
    links.push(...(await linksIn(victim.thief.user.email)));
    expect(await subjectsTo(world.app, victim.thief.user.email)).toContain(
      "The address of your account was changed",
    );
    await staysTheOwners(victim.user.id, victim.user.email, holder, links);
  });

  it("leaves the thief nothing on day 8 either, with a deactivation between", async () => {
    const { victim, links } = await robbedWithNotMe();
    world.clock.advance(6 * DAY);
    const own = await openSession(world.app, await userRow(world.db, victim.user.id));
    await takesItBack({ ...victim, own });
    links.push(...(await linksIn(victim.thief.user.email)));
    await deactivateUser(world.call(), { userId: victim.user.id });
    await writeUser(world.db, victim.user.id, { isActive: true });
    world.clock.advance(2 * DAY);
    const holder = await openSession(world.app, await userRow(world.db, victim.user.id));
    await staysTheOwners(victim.user.id, victim.user.email, holder, links);
  });

  it("has a fresh link of seven days when the thief changes it once more", async () => {
    const victim = await robbed(world, THIEF);
    world.clock.advance(6 * DAY);
    const own = await openSession(world.app, await userRow(world.db, victim.user.id));
    const back = await changeTo(world, own, victim.user.email);
    await changeTo(world, back, freshAddress());
    world.clock.advance(6 * DAY);
    expect(await undo(victim.secret)).toEqual(notValid);
    expect(await undo(await undoLinkTo(victim.user.email))).toEqual(undone);
    expect(await addressOf(victim.user.id)).toBe(victim.user.email);
  });

  it("who goes on to a third address instead leaves the thief's mailbox nothing either", async () => {
    const { victim, links } = await robbedWithNotMe();
    const own = { ...victim.own, user: await userRow(world.db, victim.user.id) };
    const third = await changeTo(world, own, freshAddress());
    links.push(...(await linksIn(victim.thief.user.email)));
    await staysTheOwners(victim.user.id, third.user.email, third, links);
  });
});

describe("two-step log-in that a thief turned off", () => {
  it("is on again after the undo, on record, and the mail says so", async () => {
    const { user, thief, secret } = await robbed(world, THIEF);
    await setTwoFactorEmail(world.call({ principal: thief, device: THIEF }), false);
    world.clock.advance(1);
    await undo(secret);
    expect(await userRow(world.db, user.id)).toMatchObject({ twoFactorEmail: true });
    expect(await world.logIn(user)).toMatchObject({ kind: "two-factor-required" });
    const [toOld] = await mailsTo(world.app, user.email);
    expect((await mailsTo(world.app, user.email)).map(({ text }) => text).join()).toContain(
      "Two-step log-in was off. It is on again",
    );
    expect(toOld).toBeDefined();
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) => type === "two_factor.changed");
    expect(events.map(({ data, ip }) => [data, ip])).toEqual([
      [{ email: false }, THIEF.ip],
      [{ email: true }, PHONE.ip],
    ]);
  });

  it("is not spoken of where it was on all the time", async () => {
    const { user, secret } = await robbed(world, THIEF);
    await undo(secret);
    const texts = (await mailsTo(world.app, user.email)).map(({ text }) => text).join();
    expect(texts).not.toContain("It is on again");
    expect((await eventsOf(world.db, user.id)).map(({ type }) => type)).not.toContain("two_factor.changed");
  });
});

describe("a kind of device that a thief used", () => {
  it("is told again at their next log-in, and the owner's own first one is not", async () => {
    const user = await world.person();
    await openSession(world.app, user, LAPTOP);
    world.clock.advance(1);
    const thief = await openSession(world.app, user, THIEF);
    await changeTo(world, thief, freshAddress(), { device: THIEF });
    await undo(await undoLinkTo(user.email));
    const news = async () =>
      (await subjectsTo(world.app, user.email)).filter((subject) => subject.startsWith("New log-in")).length;
    const before = await news();
    await openSession(world.app, await userRow(world.db, user.id), LAPTOP);
    expect(await news()).toBe(before);
    await openSession(world.app, await userRow(world.db, user.id), THIEF);
    expect(await news()).toBe(before + 1);
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

  it("gives the second address no link while the first has one, and a link after that", async () => {
    const { addresses, userId } = await changedTwice();
    await expect(undoLinkTo(addresses[1])).rejects.toThrow("no mail");
    expect(await subjectsTo(world.app, addresses[1])).toContain("The address of your account was changed");
    world.clock.advance(7 * DAY);
    const holder = await openSession(world.app, await userRow(world.db, userId));
    await changeTo(world, holder, freshAddress());
    expect(await undo(await undoLinkTo(addresses[2]))).toEqual(undone);
    expect(await addressOf(userId)).toBe(addresses[2]);
  });
});

type Robbed = Awaited<ReturnType<typeof robbed>>;
