import { beforeAll, describe, expect, it } from "vitest";
import { findUserByEmail, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { lastTokenTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import { breakInserts, challengesOf, createTwoStepWorld } from "@/lib/testing/two-step.ts";
import { openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { type Invitation, inviteUser } from "./invite-user.ts";

const WEEK = 7 * 24 * 60 * 60;
const SUBJECT = "You are invited";
const notValid = {
  kind: "invalid-fields",
  fields: {
    token: ["This link was used, replaced by a newer one, or has expired. Ask for another invitation."],
  },
};

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const newAddress = () => `${randomUUID().slice(0, 18)}@example.com`;

const invite = (invitation: Invitation, app = world.app) =>
  inviteUser(world.call({ app }), null, invitation, LAPTOP);

async function invited(invitation: Partial<Invitation> = {}): Promise<User> {
  const outcome = await invite({ email: newAddress(), ...invitation });
  if (outcome.kind !== "invited") throw new Error(`not invited: ${JSON.stringify(outcome)}`);
  return outcome.user;
}

const accept = (token: string) => acceptInvitation(world.call(), { token, password: "a first pass phrase" });

async function openChallengesOf(userId: string) {
  return (await challengesOf(world.db, userId)).filter(({ consumedAt }) => consumedAt === null);
}

describe("1. an address that the rules refuse", () => {
  it.each([
    "",
    "ada",
    '"ada"@example.com',
    "ada@example.com\r\nBcc: eve@example.com",
    "ada@example.com, eve@example.com",
  ])("says so of %j, and mails nobody", async (email) => {
    const wrong = { kind: "invalid-fields", fields: { email: ["Enter a valid email address."] } };
    expect(await invite({ email })).toEqual(wrong);
    expect(await mailsTo(world.app, "eve@example.com")).toEqual([]);
  });
});

describe("3. an address whose account has or had a password, or is inactive", () => {
  it("stays as it is, in whatever case it is written, and its owner gets no mail", async () => {
    const people = [
      await world.person(),
      await world.person({ isActive: false }),
      await world.person({ passwordHash: null, isActive: false, emailVerifiedAt: null }),
      await world.person({ passwordHash: null }),
      await world.person({ emailVerifiedAt: null }),
    ];
    for (const user of people) {
      const invitation = { email: user.email.toUpperCase(), name: "Eve", role: "admin" } as const;
      expect(await invite(invitation)).toEqual({ kind: "taken" });
      expect(await userRow(world.db, user.id)).toEqual(user);
      expect(await challengesOf(world.db, user.id)).toEqual([]);
      expect(await mailsTo(world.app, user.email)).toEqual([]);
      expect(await eventsOf(world.db, user.id)).toEqual([]);
    }
  });
});

describe("4. an address that was invited and has not accepted", () => {
  it("gets a new link, and the older one opens nothing", async () => {
    const user = await invited();
    const older = await lastTokenTo(world.app, user.email, "/accept-invitation");
    world.clock.advance(60);
    expect(await invite({ email: user.email.toUpperCase() })).toMatchObject({ user: { id: user.id } });
    const newer = await lastTokenTo(world.app, user.email, "/accept-invitation");
    expect(await accept(older)).toEqual(notValid);
    expect(await userRow(world.db, user.id)).toMatchObject({ email: user.email, passwordHash: null });
    expect(await accept(newer)).toEqual({ kind: "accepted" });
    expect(await subjectsTo(world.app, user.email)).toEqual([SUBJECT, SUBJECT]);
  });

  it("has the name and role of the newest invitation, not more", async () => {
    const user = await invited({ name: "Grace", role: "admin" });
    expect(await invite({ email: user.email, name: "Grace Hopper" })).toMatchObject({
      user: { id: user.id, name: "Grace Hopper", role: "user" },
    });
    expect(await userRow(world.db, user.id)).toMatchObject({ name: "Grace Hopper", role: "user" });
  });

  it("is taken once they have accepted", async () => {
    const user = await invited();
    expect(await accept(await lastTokenTo(world.app, user.email, "/accept-invitation"))).toEqual({
      kind: "accepted",
    });
    expect(await invite({ email: user.email, role: "admin" })).toEqual({ kind: "taken" });
    expect(await userRow(world.db, user.id)).toMatchObject({ role: "user" });
  });
});

describe("5. a new address", () => {
  it("gets an account that nobody can log in to, with what was said of it", async () => {
    const email = newAddress();
    const user = await invited({ email: ` ${email} `, name: "Grace", role: "admin" });
    expect(await userRow(world.db, user.id)).toMatchObject({
      email,
      name: "Grace",
      role: "admin",
      passwordHash: null,
      emailVerifiedAt: null,
      isActive: true,
      twoFactorEmail: true,
      createdAt: world.clock.now(),
    });
    expect(await world.logIn(user, { password: "" })).toEqual({
      kind: "failure",
      code: "no_active_account",
    });
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it("is a plain user's, with a code at log-in as the settings say", async () => {
    const { app } = await world.process({ TWO_FACTOR_DEFAULT: "off" });
    const email = newAddress();
    expect(await invite({ email }, app)).toMatchObject({
      user: { email, name: "", role: "user", twoFactorEmail: false },
    });
  });

  it("has one challenge of a week, kept as a hash, and one mail to exactly the stored address", async () => {
    const user = await invited();
    const now = world.clock.now();
    const token = await lastTokenTo(world.app, user.email, "/accept-invitation");
    const rows = await challengesOf(world.db, user.id);
    expect(rows).toEqual([
      expect.objectContaining({ purpose: "invitation", codeHash: null, expiresAt: secondsAfter(now, WEEK) }),
    ]);
    expect(JSON.stringify(rows)).not.toContain(token);
    const [mail, ...more] = await mailsTo(world.app, user.email);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ to: user.email, subject: SUBJECT });
    const link = `${world.app.settings.APP_URL}/accept-invitation?token=${token}`;
    expect(mail?.text.split("\n")).toContain(link);
    expect(mail?.html).toContain(`href="${link}"`);
    expect(mail?.text).toContain("The link works once, for 7 days.");
  });

  it("is recorded with who invited, and without the link", async () => {
    const admin = await openSession(world.app, await world.person({ role: "admin" }));
    const email = newAddress();
    const outcome = await inviteUser(world.call(), admin, { email, role: "admin" }, LAPTOP);
    const user = await findUserByEmail(world.db, email);
    expect(outcome).toEqual({ kind: "invited", user });
    expect(await eventsOf(world.db, user?.id ?? "")).toEqual([
      expect.objectContaining({
        type: "user.invited",
        actorId: admin.user.id,
        sessionId: null,
        ...LAPTOP,
        data: { role: "admin" },
      }),
    ]);
  });

  it("is one account with one good link for any number of invitations at one moment", async () => {
    const email = newAddress();
    const outcomes = await times(8, (index) => invite({ email }, index % 2 ? there : world.app));
    const ids = outcomes.map((outcome) => (outcome.kind === "invited" ? outcome.user.id : outcome.kind));
    expect(new Set(ids).size).toBe(1);
    expect(await openChallengesOf(ids[0] ?? "")).toHaveLength(1);
    expect(await mailsTo(world.app, email)).toHaveLength(8);
  });

  it("is invited wholly or not at all when something breaks", async () => {
    const email = newAddress();
    for (const table of ["challenges", "outbox"] as const) {
      const mend = await breakInserts(world.db, table);
      await expect(invite({ email })).rejects.toThrow();
      await mend();
      expect(await findUserByEmail(world.db, email)).toBeUndefined();
    }
    expect(await invite({ email })).toMatchObject({ kind: "invited" });
  });

  it("goes without registration being open", async () => {
    const { app } = await world.process({ REGISTRATION: "closed" });
    const email = newAddress();
    expect(await invite({ email }, app)).toMatchObject({ kind: "invited" });
    expect(await accept(await lastTokenTo(app, email, "/accept-invitation"))).toEqual({ kind: "accepted" });
  });
});

it("an account that lost its address's proof is not given to whoever is invited", async () => {
  const user = await world.person();
  await writeUser(world.db, user.id, { emailVerifiedAt: null });
  expect(await invite({ email: user.email })).toEqual({ kind: "taken" });
});
