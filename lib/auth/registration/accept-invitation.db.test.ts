import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { lastTokenTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import { newAddress } from "@/lib/testing/registering.ts";
import { challengeOf, challengesOf, createTwoStepWorld, entered } from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { type Acceptance, acceptInvitation } from "./accept-invitation.ts";
import { type Invitation, inviteUser } from "./invite-user.ts";

const WEEK = 7 * 24 * 60 * 60;
const FIRST = "a first pass phrase";
const notValid = {
  kind: "invalid-fields",
  fields: {
    token: ["This link was used, replaced by a newer one, or has expired. Ask for another invitation."],
  },
};
const noAccount = { kind: "failure", code: "no_active_account" };

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const accept = (token: string, chosen: Partial<Acceptance> = {}, app = world.app) =>
  acceptInvitation(world.call({ app }), { token, password: FIRST, ...chosen });

/** Somebody who was invited, and the secret of their link. */
async function invited(invitation: Partial<Invitation> = {}) {
  const email = newAddress();
  const outcome = await inviteUser(world.call(), null, { email, ...invitation }, LAPTOP);
  if (outcome.kind !== "invited") throw new Error(`not invited: ${JSON.stringify(outcome)}`);
  return { user: outcome.user, token: await lastTokenTo(world.app, email, "/accept-invitation") };
}

describe("1. the link is good for nothing", () => {
  it.each(["", "x", "a".repeat(43), "\0"])("refuses %j", async (token) => {
    expect(await accept(token)).toEqual(notValid);
  });

  it("works a second before its week is over, and not when it is", async () => {
    const [early, late] = [await invited(), await invited()];
    world.clock.advance(WEEK - 1);
    expect(await accept(early.token)).toEqual({ kind: "accepted" });
    world.clock.advance(1);
    expect(await accept(late.token)).toEqual(notValid);
    expect(await userRow(world.db, late.user.id)).toEqual(late.user);
  });

  it("refuses a second use, and the password stays that of the first", async () => {
    const { user, token } = await invited();
    expect(await accept(token)).toEqual({ kind: "accepted" });
    expect(await accept(token, { password: "the thief's pass phrase" })).toEqual(notValid);
    challengeOf(await world.logIn(user, { password: FIRST }));
    expect(await world.logIn(user, { password: "the thief's pass phrase" })).toEqual(noAccount);
  });

  it("refuses links of other purposes, which stay as they were", async () => {
    const { user } = await invited();
    for (const purpose of ["password-reset", "not-me", "log-in", "register"] as const) {
      const secret = await openChallenge(
        world.db,
        { purpose, userId: user.id, lifetimeSeconds: WEEK },
        world.clock.now(),
      );
      expect(await accept(secret)).toEqual(notValid);
    }
    expect(await userRow(world.db, user.id)).toEqual(user);
    const consumed = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt !== null);
    expect(consumed).toEqual([]);
  });

  it("refuses while the person is inactive", async () => {
    const { user, token } = await invited();
    await deactivateUser(world.call(), { userId: user.id });
    expect(await accept(token)).toEqual(notValid);
    expect(await userRow(world.db, user.id)).toMatchObject({ passwordHash: null, emailVerifiedAt: null });
  });

  it("never replaces a password that the person got in another way", async () => {
    const { user, token } = await invited();
    await writeUser(world.db, user.id, { passwordHash: "$argon2id$another" });
    expect(await accept(token)).toEqual(notValid);
    expect(await userRow(world.db, user.id)).toMatchObject({ passwordHash: "$argon2id$another" });
  });
});

describe("2. a password that the rules refuse", () => {
  it.each([
    ["short12", "This password is too short. It must contain at least 8 characters."],
    ["password1", "This password is too common."],
    ["Grace Hopper", "This password is too similar to your address or name."],
  ])("%j is refused with its reason, and the link stays good", async (password, sentence) => {
    const { user, token } = await invited({ name: "Grace Hopper" });
    expect(await accept(token, { password })).toEqual({
      kind: "invalid-fields",
      fields: { password: [sentence] },
    });
    expect(await userRow(world.db, user.id)).toEqual(user);
    expect(await accept(token)).toEqual({ kind: "accepted" });
  });

  it("is refused when it is the address or the name that comes with it", async () => {
    const { user, token } = await invited();
    for (const chosen of [{ password: user.email }, { password: "adalovelace", name: "Ada Lovelace" }]) {
      expect(await accept(token, chosen)).toMatchObject({ fields: { password: [expect.any(String)] } });
    }
  });
});

describe("3. hashing is busy", () => {
  it("is said at once, and the link stays good", async () => {
    const { token } = await invited();
    const busy = async () => ({ kind: "busy" }) as const;
    const app = { ...world.app, passwords: { hash: busy, verify: busy } };
    expect(await accept(token, {}, app)).toEqual({ kind: "failure", code: "unavailable" });
    expect(await accept(token)).toEqual({ kind: "accepted" });
  });
});

describe("4. else", () => {
  it("the account is theirs, its address proven, with the role of the invitation and no session", async () => {
    const { user, token } = await invited({ name: "Grace", role: "admin" });
    expect(await accept(token)).toEqual({ kind: "accepted" });
    expect(await userRow(world.db, user.id)).toEqual({
      ...user,
      passwordHash: expect.stringMatching(/^\$argon2id\$/),
      emailVerifiedAt: world.clock.now(),
    });
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    const { challenge, code } = await world.start(user, { password: FIRST });
    expect(entered(await world.answer(challenge, code)).session.amr).toEqual(["pwd", "email"]);
  });

  it.each([
    ["Ada", "Ada"],
    ["", "Grace"],
    [undefined, "Grace"],
  ])("a name of %j makes it %s", async (name, kept) => {
    const { user, token } = await invited({ name: "Grace" });
    expect(await accept(token, { name })).toEqual({ kind: "accepted" });
    expect(await userRow(world.db, user.id)).toMatchObject({ name: kept });
  });

  it("is recorded, mails nothing more, and leaves nothing pending", async () => {
    const { user, token } = await invited();
    const reset = { purpose: "password-reset", userId: user.id, lifetimeSeconds: WEEK } as const;
    await openChallenge(world.db, reset, world.clock.now());
    world.clock.advance(1);
    await accept(token);
    expect((await eventsOf(world.db, user.id)).map(({ type, data }) => [type, data])).toEqual([
      ["user.invited", { role: "user" }],
      ["user.registered", { by: "invitation" }],
    ]);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open).toEqual([]);
  });

  it("is one for two at one moment by one link: the winner's password, at either process", async () => {
    for (let round = 0; round < 6; round += 1) {
      const { user, token } = await invited();
      const wishes = ["the first pass phrase", "the second pass phrase"];
      const outcomes = await times(2, (index) =>
        accept(token, { password: wishes[index] ?? "" }, index ? there : world.app),
      );
      expect(outcomes).toContainEqual({ kind: "accepted" });
      expect(outcomes).toContainEqual(notValid);
      const winner = outcomes.findIndex(({ kind }) => kind === "accepted");
      challengeOf(await world.logIn(user, { password: wishes[winner] ?? "" }));
      expect(await world.logIn(user, { password: wishes[1 - winner] ?? "" })).toEqual(noAccount);
    }
  });

  it("and another invitation at one moment: either it is accepted or the newer link is good, never both", async () => {
    for (let round = 0; round < 8; round += 1) {
      const { user, token } = await invited();
      world.clock.advance(1);
      const again = () =>
        inviteUser(
          { app: there, now: world.clock.now() },
          null,
          { email: user.email, role: "admin" },
          LAPTOP,
        );
      const acts: (() => Promise<{ kind: string }>)[] = [() => accept(token), again];
      if (round % 2) acts.reverse();
      const kinds = (await Promise.all(acts.map((act) => act()))).map(({ kind }) => kind).sort();
      const { passwordHash, role } = await userRow(world.db, user.id);
      expect(kinds).toEqual(passwordHash === null ? ["invalid-fields", "invited"] : ["accepted", "taken"]);
      expect(role).toBe(passwordHash === null ? "admin" : "user");
    }
  });
});
