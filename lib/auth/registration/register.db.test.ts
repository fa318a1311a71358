import { beforeAll, describe, expect, it } from "vitest";
import { outbox } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import type { PasswordHasher } from "@/lib/passwords/hash.ts";
import { codesTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, userRow } from "@/lib/testing/records.ts";
import { accountsOf, begun, challengesAbout, newAddress, registering } from "@/lib/testing/registering.ts";
import {
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  quickPasswords,
  THIEF,
} from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { inviteUser } from "./invite-user.ts";
import { resendRegistrationCode } from "./resend-registration-code.ts";

const HOUR = 3600;
const closed = {
  kind: "failure",
  code: "permission_denied",
  detail: "Registration is closed. Ask an administrator for an invitation.",
};
const wrongAddress = { email: ["Enter a valid email address."] };

const world = createTwoStepWorld();
const { begin, start, verify } = registering(world);
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

/** Two processes with their limits on. */
const limited = () => world.process({ RATE_LIMITS: "on" });
let networks = 0;
const stranger = () => {
  networks += 1;
  return { ...THIEF, ip: `198.51.${networks >> 8}.${networks & 255}` };
};

describe("1. registration is closed", () => {
  it("refuses every step, also one that began while it was open; nothing is made, mailed or spent", async () => {
    const { app } = await world.process({ REGISTRATION: "closed" });
    const email = newAddress();
    expect(await begin(email, { app })).toEqual(closed);
    expect(await challengesAbout(world.db, email)).toEqual([]);
    const started = await start(email);
    world.clock.advance(60);
    const before = await challengesAbout(world.db, email);
    expect(await verify(started, { app })).toEqual(closed);
    expect(await resendRegistrationCode(world.call({ app }), started.challenge)).toEqual(closed);
    expect(await challengesAbout(world.db, email)).toEqual(before);
    expect(await mailsTo(world.app, email)).toHaveLength(1);
    expect(await accountsOf(world.db, email)).toEqual([]);
    expect(await verify(started)).toMatchObject({ kind: "logged-in" });
  });
});

describe("2. an address or a password that the rules refuse", () => {
  it.each([
    ["ada", PASSWORD, wrongAddress],
    [
      newAddress(),
      "short12",
      { password: ["This password is too short. It must contain at least 8 characters."] },
    ],
    [newAddress(), "password1", { password: ["This password is too common."] }],
    [
      "grace.hopper@example.com",
      "Grace.Hopper@example.com",
      { password: ["This password is too similar to your address or name."] },
    ],
    ["ada", "password1", { ...wrongAddress, password: ["This password is too common."] }],
  ])("says all that is wrong with %s and %s", async (email, password, fields) => {
    expect(await begin(email, { password })).toEqual({ kind: "invalid-fields", fields });
    expect(await challengesAbout(world.db, email)).toEqual([]);
    expect(await mailsTo(world.app, email)).toEqual([]);
  });

  it("refuses a password that is the name, and says the same of one for an address that is taken", async () => {
    const { email } = await world.person();
    for (const address of [email, newAddress()]) {
      expect(await begin(address, { password: "gracehopper", name: "Grace Hopper" })).toEqual({
        kind: "invalid-fields",
        fields: { password: ["This password is too similar to your address or name."] },
      });
    }
    expect(await mailsTo(world.app, email)).toEqual([]);
  });
});

describe("3. too many mails were asked for", () => {
  it("five an hour go to one address, taken or not, from wherever they are asked for", async () => {
    const { app } = await limited();
    for (const email of [newAddress(), (await world.person()).email]) {
      for (let sent = 0; sent < 5; sent += 1) begun(await begin(email, { app, device: stranger() }));
      for (const spelled of [email, email.toUpperCase(), ` ${email}`]) {
        expect(await begin(spelled, { app, device: stranger() })).toEqual(codeRefused.throttled(HOUR / 5));
      }
      expect(await mailsTo(world.app, email)).toHaveLength(5);
      expect(await challengesAbout(world.db, email)).toHaveLength(5);
      world.clock.advance(HOUR / 5);
      begun(await begin(email, { app, device: stranger() }));
    }
  });

  it("twenty an hour are asked for from one network, whichever addresses they name", async () => {
    const { app } = await limited();
    const device = { ...THIEF, ip: "2001:db8:77::1" };
    for (let sent = 0; sent < 20; sent += 1) begun(await begin(newAddress(), { app, device }));
    for (const ip of ["2001:db8:77::1", "2001:DB8:77:0:ffff::2"]) {
      const email = newAddress();
      expect(await begin(email, { app, device: { ...device, ip } })).toEqual(
        codeRefused.throttled(HOUR / 20),
      );
      expect(await mailsTo(world.app, email)).toEqual([]);
      begun(await begin(email, { app, device: stranger() }));
    }
  });

  it("of twenty at one moment, at two processes, five are mailed", async () => {
    const [one, two] = [await limited(), await limited()];
    const email = newAddress();
    const outcomes = await times(20, (index) =>
      begin(email, { app: index % 2 ? one.app : two.app, device: stranger() }),
    );
    expect(outcomes.filter(({ kind }) => kind === "sent")).toHaveLength(5);
    expect(await mailsTo(world.app, email)).toHaveLength(5);
  });

  it("a refused form costs nothing", async () => {
    const { app } = await limited();
    const device = stranger();
    const email = newAddress();
    for (let sent = 0; sent < 30; sent += 1) await begin(email, { app, device, password: "password1" });
    begun(await begin(email, { app, device }));
  });
});

describe("4. hashing is busy", () => {
  it("is said at once, and nothing is made or mailed, whether or not the address is taken", async () => {
    const busy = async () => ({ kind: "busy" }) as const;
    const app = { ...world.app, passwords: { hash: busy, verify: busy } };
    for (const email of [newAddress(), (await world.person()).email]) {
      expect(await begin(email, { app })).toEqual({ kind: "failure", code: "unavailable" });
      expect(await challengesAbout(world.db, email)).toEqual([]);
      expect(await mailsTo(world.app, email)).toEqual([]);
    }
  });
});

describe("5. the address has an account", () => {
  it("gets the answer of a free one, field by field, and the same rows; only the mail differs", async () => {
    const { email } = await world.person({ email: `t${newAddress()}` });
    const free = `t${newAddress()}`;
    const [taken, open] = [await begin(email), await begin(free)];
    const answer = {
      kind: "sent",
      challenge: {
        challenge: expect.stringMatching(/^[\w-]{43}$/),
        expires_in: 600,
        resend_in: 60,
        sent_to: "t•••@example.com",
      },
    };
    expect(taken).toEqual(answer);
    expect(open).toEqual(answer);
    expect(JSON.stringify(taken)).toHaveLength(JSON.stringify(open).length);
    const shape = async (address: string) =>
      (await challengesAbout(world.db, address)).map(({ id, tokenHash, codeHash, email: to, ...rest }) => ({
        ...rest,
        lengths: [id.length, tokenHash.length, codeHash?.length, to?.length],
      }));
    expect(await shape(email)).toEqual(await shape(free));
  });

  it("tells its owner by one mail without a code, in text and HTML, how to get in", async () => {
    const user = await world.person({ email: `Owner.${newAddress()}` });
    begun(await begin(user.email.toLowerCase(), { device: THIEF }));
    const [mail, ...more] = await mailsTo(world.app, user.email);
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ to: user.email, subject: "You already have an account" });
    expect(mail?.text).not.toMatch(/\d{6}/);
    const { APP_URL } = world.app.settings;
    for (const link of [`${APP_URL}/login`, `${APP_URL}/forgot-password`]) {
      expect(mail?.text.split("\n")).toContain(link);
      expect(mail?.html).toContain(`href="${link}"`);
    }
    expect(await userRow(world.db, user.id)).toEqual(user);
    expect(await challengesOf(world.db, user.id)).toEqual([]);
    expect(await eventsOf(world.db, user.id)).toEqual([]);
  });

  it.each([
    ["inactive", { isActive: false }],
    ["unproven", { emailVerifiedAt: null }],
  ])("counts an %s person's as one", async (_, columns) => {
    const { email } = await world.person(columns);
    begun(await begin(email));
    expect(await codesTo(world.app, email)).toEqual([]);
  });

  it("counts the one that waits for an invited person, whose link stays good", async () => {
    const email = newAddress();
    await inviteUser(world.call(), null, { email }, LAPTOP);
    world.clock.advance(1);
    const before = await accountsOf(world.db, email);
    begun(await begin(email));
    expect(await codesTo(world.app, email)).toEqual([]);
    expect(await accountsOf(world.db, email)).toEqual(before);
  });

  it("costs the same work: each password is hashed once, and no more", async () => {
    const hashed: string[] = [];
    const passwords: PasswordHasher = {
      ...quickPasswords,
      hash: (password) => {
        hashed.push(password);
        return quickPasswords.hash(password);
      },
    };
    const app = { ...world.app, passwords };
    begun(await begin((await world.person()).email, { app, password: "for an address that is taken" }));
    begun(await begin(newAddress(), { app, password: "for an address that is free" }));
    expect(hashed).toEqual(["for an address that is taken", "for an address that is free"]);
  });

  it("is told again, without a code, when another mail is asked for; a free one gets a new code", async () => {
    const { email } = await world.person();
    const free = newAddress();
    const resend = async (address: string) => {
      const challenge = begun(await begin(address));
      world.clock.advance(60);
      return resendRegistrationCode(world.call(), challenge);
    };
    const sent = { kind: "sent", expires_in: 600, resend_in: 60 };
    expect(await resend(email)).toEqual(sent);
    expect(await resend(free)).toEqual(sent);
    expect(await mailsTo(world.app, email)).toHaveLength(2);
    expect(await codesTo(world.app, email)).toEqual([]);
    expect(new Set(await codesTo(world.app, free)).size).toBe(2);
  });
});

describe("6. an address without an account", () => {
  it("gets a challenge with what the account will be, hashed, and no account", async () => {
    const email = newAddress();
    const challenge = begun(await begin(`  ${email}\n`, { name: "Grace" }));
    const now = world.clock.now();
    const rows = await challengesAbout(world.db, email);
    expect(rows).toEqual([
      expect.objectContaining({
        purpose: "register",
        userId: null,
        sessionId: null,
        email,
        name: "Grace",
        passwordHash: expect.stringMatching(/^\$argon2id\$/),
        triesLeft: 5,
        sendsLeft: 4,
        expiresAt: secondsAfter(now, 600),
        consumedAt: null,
      }),
    ]);
    expect(JSON.stringify(rows)).not.toContain(PASSWORD);
    expect(JSON.stringify(rows)).not.toContain(challenge);
    expect(await accountsOf(world.db, email)).toEqual([]);
    expect(await world.logIn({ email })).toEqual({ kind: "failure", code: "no_active_account" });
  });

  it("is mailed one code, alone on its line, that says what it opens and holds neither name nor password", async () => {
    const email = newAddress();
    begun(await begin(email, { name: "Buy now at evil.example" }));
    const [mail, ...more] = await mailsTo(world.app, email);
    const [code = "", ...others] = await codesTo(world.app, email);
    expect(more).toEqual([]);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to: email, subject: "Your code to confirm your address" });
    expect(mail?.html).toContain(`>${code}<`);
    expect(mail?.text).toContain("without the code no account is made.");
    expect(JSON.stringify(mail)).not.toMatch(/evil|correct horse/);
    const rows = (await world.db.select().from(outbox)).filter(({ recipient }) => recipient === email);
    expect(rows[0]?.sealed?.includes(code)).toBe(false);
  });

  it("may be registered many times at one moment: as many challenges, each with its own code", async () => {
    const email = newAddress();
    const outcomes = await times(6, (index) => begin(email, { app: index % 2 ? there : world.app }));
    expect(new Set(outcomes.map(begun)).size).toBe(6);
    expect(await mailsTo(world.app, email)).toHaveLength(6);
    expect(await accountsOf(world.db, email)).toEqual([]);
  });

  it("is mailed again once for two who ask at one moment, and the other is told to wait", async () => {
    const email = newAddress();
    const challenge = begun(await begin(email));
    world.clock.advance(60);
    const outcomes = await times(2, (index) =>
      resendRegistrationCode(
        { app: index ? there : world.app, device: LAPTOP, now: world.clock.now() },
        challenge,
      ),
    );
    expect(outcomes).toContainEqual({ kind: "sent", expires_in: 600, resend_in: 60 });
    expect(outcomes).toContainEqual(codeRefused.throttled(60));
    expect(await mailsTo(world.app, email)).toHaveLength(2);
  });

  it("is written with its mail or not at all", async () => {
    const email = newAddress();
    for (const table of ["outbox", "challenges"] as const) {
      const mend = await breakInserts(world.db, table);
      await expect(begin(email)).rejects.toThrow();
      await mend();
      expect(await challengesAbout(world.db, email)).toEqual([]);
      expect(await mailsTo(world.app, email)).toEqual([]);
    }
  });
});
