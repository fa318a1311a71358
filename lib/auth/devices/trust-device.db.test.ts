import { beforeAll, describe, expect, it } from "vitest";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { stepUpWithPassword } from "@/lib/auth/log-in/step-up.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { requireRecentLogIn } from "@/lib/auth/sessions/require-recent-log-in.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomToken, randomUUID } from "@/lib/base/crypto.ts";
import { codesTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, writeUser } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengeOf,
  challengesOf,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { claimsOf, openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { disownLogIn } from "./disown-log-in.ts";
import { forgetTrustedDevice, listTrustedDevices } from "./trust-device.ts";

const DAY = 24 * 60 * 60;
const codeAsked = { kind: "two-factor-required" };

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

/** A person who has just told us to trust this device, and the secret it holds. */
async function trusting(device = LAPTOP) {
  const user = await world.person();
  return { user, ...(await trust(user, device)) };
}

async function trust(user: User, device = LAPTOP) {
  const { challenge, code } = await world.start(user, { device });
  const { session, deviceToken } = entered(
    await world.answer(challenge, code, { device, trustDevice: true }),
  );
  if (deviceToken === null) throw new Error("the device was not trusted");
  return { session, deviceToken };
}

/** A log-in that skips the code, and the secret that it brings for the next one. */
async function skip(user: User, deviceToken: string, entering = {}) {
  const inside = entered(await world.logIn(user, { deviceToken, ...entering }));
  if (inside.deviceToken === null) throw new Error("no next secret came back");
  return { ...inside, deviceToken: inside.deviceToken };
}

const listed = async (user: User) => {
  const holder = await openSession(world.app, user);
  return (await listTrustedDevices(world.call({ principal: holder }))).devices;
};

async function linkFor(user: User, purpose: "password-reset" | "not-me") {
  const link = { purpose, userId: user.id, pending: { email: user.email }, lifetimeSeconds: 1800 } as const;
  return openChallenge(world.db, link, world.clock.now());
}

describe("trusting a device", () => {
  it("is on record, and so is its end by the owner, each from where it was done", async () => {
    const { user } = await trusting(PHONE);
    const holder = await openSession(world.app, user);
    const [device] = await listed(user);
    await forgetTrustedDevice(world.call({ principal: holder, device: LAPTOP }), device?.id ?? "");
    await forgetTrustedDevice(world.call({ principal: holder, device: LAPTOP }), device?.id ?? "");
    const events = (await eventsOf(world.db, user.id)).filter(({ type }) =>
      type.startsWith("trusted_device."),
    );
    expect(events).toHaveLength(2);
    expect(events).toContainEqual(expect.objectContaining({ type: "trusted_device.added", ...PHONE }));
    expect(events).toContainEqual(expect.objectContaining({ type: "trusted_device.forgotten", ...LAPTOP }));
  });

  it("takes a right code and the wish: a wrong code, or none of it, trusts nothing", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user);
    const wrong = await world.answer(challenge, notThe(code), { trustDevice: true });
    expect(wrong).toMatchObject({ code: "code_not_valid" });
    expect(entered(await world.answer(challenge, code)).deviceToken).toBeNull();
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
  });

  it("isn't offered to who logs in without a code: there is nothing to skip", async () => {
    const user = await world.person({ twoFactorEmail: false });
    const { deviceToken } = entered(await world.logIn(user, { deviceToken: randomToken(32) }));
    expect(deviceToken).toBeNull();
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
  });

  it("keeps the secret only as a hash, for 30 days", async () => {
    const { user, deviceToken } = await trusting();
    expect(deviceToken).toMatch(/^[\w-]{43}$/);
    const [row, ...more] = await trustedDevicesOf(world.db, user.id);
    const now = world.clock.now();
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      createdAt: now,
      lastUsedAt: now,
      expiresAt: secondsAfter(now, 30 * DAY),
      ...LAPTOP,
    });
    expect(row?.secretHash).toHaveLength(32);
    expect(row?.secretHash).not.toEqual(Buffer.from(deviceToken, "base64url"));
  });

  it("is undone by a server error together with the session", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user);
    const mend = await breakInserts(world.db, "sessions");
    await expect(world.answer(challenge, code, { trustDevice: true })).rejects.toThrow();
    await mend();
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
  });
});

describe("the next log-in on a trusted device", () => {
  it("skips the code: no mail, no challenge, and a session that says so", async () => {
    const { user, deviceToken } = await trusting();
    const codes = await codesTo(world.app, user.email);
    const { session, tokens } = await skip(user, deviceToken);
    expect(session.amr).toEqual(["pwd"]);
    expect(claimsOf(tokens.access).amr).toEqual(["pwd"]);
    expect(await codesTo(world.app, user.email)).toEqual(codes);
    expect(await challengesOf(world.db, user.id)).toHaveLength(1);
  });

  it("still takes the right password", async () => {
    const { user, deviceToken } = await trusting();
    expect(await world.logIn(user, { deviceToken, password: "not the password" })).toEqual({
      kind: "failure",
      code: "no_active_account",
    });
    await skip(user, deviceToken);
  });

  it("brings a new secret and leaves the old one dead, in one row however often", async () => {
    const { user, deviceToken } = await trusting();
    const secrets = [deviceToken];
    for (let turn = 0; turn < 5; turn += 1) {
      world.clock.advance(DAY);
      secrets.push((await skip(user, secrets.at(-1) ?? "")).deviceToken);
    }
    expect(new Set(secrets).size).toBe(6);
    for (const spent of secrets.slice(0, -1)) {
      expect(await world.logIn(user, { deviceToken: spent })).toMatchObject(codeAsked);
    }
    expect(await trustedDevicesOf(world.db, user.id)).toHaveLength(1);
    await skip(user, secrets.at(-1) ?? "");
  });

  it("is one of two at one moment with one secret, at two processes; the other is asked for the code", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { user, deviceToken } = await trusting();
      const outcomes = await times(2, (index) =>
        world.logIn(user, { deviceToken, app: index ? there : world.app }),
      );
      const inside = outcomes.filter((outcome) => outcome.kind === "logged-in");
      expect(inside).toHaveLength(1);
      expect(outcomes).toContainEqual(expect.objectContaining(codeAsked));
      expect(await sessionsOf(world.db, user.id)).toHaveLength(2);
      await skip(user, inside[0]?.deviceToken ?? "");
    }
  });

  it("is one of thirty at one moment with one secret", async () => {
    const { user, deviceToken } = await trusting();
    const outcomes = await times(30, () => world.logIn(user, { deviceToken, device: THIEF }));
    expect(outcomes.filter(({ kind }) => kind === "logged-in")).toHaveLength(1);
    expect(await trustedDevicesOf(world.db, user.id)).toHaveLength(1);
  });

  it("goes by the secret, not by what the device calls itself", async () => {
    const { user, deviceToken } = await trusting();
    challengeOf(await world.logIn(user, { device: LAPTOP }));
    const { session } = await skip(user, deviceToken, { device: PHONE });
    expect(session.userAgent).toBe(PHONE.userAgent);
  });

  it("is 30 days after the device was trusted at the latest, however often it was used", async () => {
    const { user, deviceToken } = await trusting();
    world.clock.advance(15 * DAY);
    const second = await skip(user, deviceToken);
    world.clock.advance(15 * DAY - 1);
    const third = await skip(user, second.deviceToken);
    world.clock.advance(1);
    expect(await world.logIn(user, { deviceToken: third.deviceToken })).toMatchObject(codeAsked);
    expect(await listed(user)).toEqual([]);
  });

  it("rolls the secret on only together with the session", async () => {
    const { user, deviceToken } = await trusting();
    const mend = await breakInserts(world.db, "sessions");
    await expect(world.logIn(user, { deviceToken })).rejects.toThrow();
    await mend();
    await skip(user, deviceToken);
  });
});

describe("a secret that is worth nothing", () => {
  it("is another person's, to whom it stays as good as it was", async () => {
    const [ada, eve] = [await trusting(), await trusting()];
    expect(await world.logIn(ada.user, { deviceToken: eve.deviceToken, device: THIEF })).toMatchObject(
      codeAsked,
    );
    expect(await world.logIn(eve.user, { deviceToken: ada.deviceToken, device: THIEF })).toMatchObject(
      codeAsked,
    );
    await skip(ada.user, ada.deviceToken);
    await skip(eve.user, eve.deviceToken);
  });

  it("is made up, empty, the id of the device, or its kept hash", async () => {
    const { user } = await trusting();
    const [row] = await trustedDevicesOf(world.db, user.id);
    const hash = row?.secretHash;
    for (const deviceToken of [
      "",
      "x".repeat(60_000),
      randomToken(32),
      randomUUID(),
      row?.id ?? "",
      user.id,
      hash?.toString("base64url") ?? "",
      hash?.toString("hex") ?? "",
      hash?.toString("latin1") ?? "",
    ]) {
      expect(await world.logIn(user, { deviceToken })).toMatchObject(codeAsked);
    }
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
  });

  it("belongs to a person who is inactive", async () => {
    const { user, deviceToken } = await trusting();
    await deactivateUser(world.call(), { userId: user.id });
    expect(await world.logIn(user, { deviceToken })).toEqual({ kind: "failure", code: "no_active_account" });
  });
});

describe("an admin", () => {
  it("is asked for the code on a trusted device too, which keeps its secret", async () => {
    const { user, deviceToken } = await trusting();
    await writeUser(world.db, user.id, { role: "admin" });
    const before = await trustedDevicesOf(world.db, user.id);
    expect(await world.logIn(user, { deviceToken })).toMatchObject(codeAsked);
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual(before);
    await writeUser(world.db, user.id, { role: "user" });
    await skip(user, deviceToken);
  });
});

describe("a session by a trusted device", () => {
  it("is as recent as its password makes it, for ten minutes, and no device answers a step-up", async () => {
    const { user, deviceToken } = await trusting();
    const inside = await skip(user, deviceToken);
    expect(inside.session.amr).toEqual(["pwd"]);
    const now = world.clock.now();
    expect(requireRecentLogIn({ principal: inside, now: secondsAfter(now, 599) })).toBeNull();
    expect(requireRecentLogIn({ principal: inside, now: secondsAfter(now, 600) })).toMatchObject({
      code: "recent_login_required",
    });
    expect(
      await stepUpWithPassword(world.call({ principal: inside, now }), inside.deviceToken),
    ).toMatchObject({
      kind: "invalid-fields",
    });
  });
});

describe("a spent secret that comes back", () => {
  const told = async (user: User) =>
    (await mailsTo(world.app, user.email)).filter(
      ({ subject }) => subject === "A device is no longer trusted",
    ).length;
  const recorded = async (user: User) =>
    (await eventsOf(world.db, user.id)).filter(({ type }) => type === "trusted_device.reused").length;

  it("from elsewhere is a copy: the device is forgotten, whoever holds the present one, and its owner is told", async () => {
    const { user, deviceToken } = await trusting();
    const thiefs = await skip(user, deviceToken, { device: THIEF });
    expect(await world.logIn(user, { deviceToken })).toMatchObject(codeAsked);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    expect(await world.logIn(user, { deviceToken: thiefs.deviceToken, device: THIEF })).toMatchObject(
      codeAsked,
    );
    expect([await told(user), await recorded(user)]).toEqual([1, 1]);
  });

  it("from the same client is spared for ten seconds, and not a moment more", async () => {
    const { user, deviceToken } = await trusting();
    const next = await skip(user, deviceToken);
    world.clock.advance(9.999);
    expect(await world.logIn(user, { deviceToken })).toMatchObject(codeAsked);
    expect([await told(user), await recorded(user)]).toEqual([0, 0]);
    const third = await skip(user, next.deviceToken);
    world.clock.advance(10);
    expect(await world.logIn(user, { deviceToken: next.deviceToken })).toMatchObject(codeAsked);
    expect([await told(user), await recorded(user)]).toEqual([1, 1]);
    expect(await world.logIn(user, { deviceToken: third.deviceToken })).toMatchObject(codeAsked);
  });

  it("without the right password, or at another account, changes nothing", async () => {
    const { user, deviceToken } = await trusting();
    const other = await world.person();
    const next = await skip(user, deviceToken);
    world.clock.advance(60);
    await world.logIn(user, { deviceToken, password: "not the password", device: THIEF });
    await world.logIn(other, { deviceToken, device: THIEF });
    expect([await told(user), await recorded(user), await told(other)]).toEqual([0, 0, 0]);
    await skip(user, next.deviceToken);
  });

  it("leaves the person's other devices as they are", async () => {
    const { user, deviceToken } = await trusting();
    const phone = await trust(user, PHONE);
    await skip(user, deviceToken, { device: THIEF });
    await world.logIn(user, { deviceToken });
    await skip(user, phone.deviceToken, { device: PHONE });
  });
});

describe("trust ends", () => {
  it("when the owner forgets the device, that one only", async () => {
    const { user, deviceToken } = await trusting();
    const phone = await trust(user, PHONE);
    const [first] = await trustedDevicesOf(world.db, user.id);
    const holder = await openSession(world.app, user);
    expect(await forgetTrustedDevice(world.call({ principal: holder }), first?.id ?? "")).toEqual({
      kind: "forgotten",
    });
    expect(await forgetTrustedDevice(world.call({ principal: holder }), first?.id ?? "")).toMatchObject({
      code: "not_found",
    });
    expect(await world.logIn(user, { deviceToken })).toMatchObject(codeAsked);
    await skip(user, phone.deviceToken);
  });

  it("not when anybody else says so", async () => {
    const { user, deviceToken } = await trusting();
    const [row] = await trustedDevicesOf(world.db, user.id);
    const stranger = await openSession(world.app, await world.person());
    const refused = { kind: "failure", code: "not_found" };
    expect(await forgetTrustedDevice(world.call({ principal: stranger }), row?.id ?? "")).toEqual(refused);
    expect(await forgetTrustedDevice(world.call({ principal: stranger }), randomUUID())).toEqual(refused);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([row]);
    await skip(user, deviceToken);
  });

  const endings: [string, (user: User) => Promise<unknown>][] = [
    [
      "a log-out everywhere",
      async (user) => logOutEverywhere(world.call({ principal: await openSession(world.app, user) })),
    ],
    [
      "a password reset",
      async (user) => {
        const reset = { token: await linkFor(user, "password-reset"), password: "correct horse battery" };
        return resetPassword(world.call(), reset);
      },
    ],
    ["a log-in that wasn't theirs", async (user) => disownLogIn(world.call(), await linkFor(user, "not-me"))],
  ];

  it.each(endings)("with %s, on every device of the person and on nobody else's", async (_, end) => {
    const { user, deviceToken } = await trusting();
    const [phone, other] = [await trust(user, PHONE), await trusting()];
    await end(user);
    for (const secret of [deviceToken, phone.deviceToken]) {
      expect(await world.logIn(user, { deviceToken: secret })).toMatchObject(codeAsked);
    }
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    await skip(other.user, other.deviceToken);
  });

  it("with a log-out everywhere at the moment of a log-in, whichever comes first", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { user, deviceToken } = await trusting();
      const holder = await openSession(world.app, user);
      const acts = [
        () => world.logIn(user, { deviceToken }),
        () => logOutEverywhere({ app: there, principal: holder, device: LAPTOP, now: world.clock.now() }),
      ];
      if (round % 2) acts.reverse();
      await Promise.all(acts.map((act) => act()));
      expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    }
  });
});

describe("the list of trusted devices", () => {
  it("names each, the last used first, and shows no secret", async () => {
    const { user, deviceToken } = await trusting();
    const phone = await trust(user, PHONE);
    const trustedAt = world.clock.now();
    world.clock.advance(DAY);
    const next = await skip(user, deviceToken);
    const devices = await listed(user);
    expect(devices.map(({ os }) => os)).toEqual(["Linux", "iOS"]);
    expect(devices[1]).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      created_at: trustedAt.toISOString(),
      last_used_at: trustedAt.toISOString(),
      expires_at: secondsAfter(trustedAt, 30 * DAY).toISOString(),
      ip: PHONE.ip,
      browser: null,
      os: "iOS",
      device: "mobile",
    });
    const rows = await trustedDevicesOf(world.db, user.id);
    const secrets = rows.map(({ secretHash }) => secretHash.toString("base64url"));
    for (const secret of [...secrets, deviceToken, phone.deviceToken, next.deviceToken]) {
      expect(JSON.stringify(devices)).not.toContain(secret);
    }
  });

  it("shows a person only their own", async () => {
    const [ada, eve] = [await trusting(), await trusting()];
    const ids = (await listed(ada.user)).map(({ id }) => id);
    expect(ids).toHaveLength(1);
    expect((await listed(eve.user)).map(({ id }) => id)).not.toContain(ids[0]);
  });
});
