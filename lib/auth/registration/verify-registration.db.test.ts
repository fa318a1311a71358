import { beforeAll, describe, expect, it } from "vitest";
import { users } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { resetPassword } from "@/lib/auth/password/reset-password.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { codesTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, insertPerson, sessionsOf } from "@/lib/testing/records.ts";
import { accountsOf, begun, challengesAbout, newAddress, registering } from "@/lib/testing/registering.ts";
import {
  breakInserts,
  challengeOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  notThe,
  THIEF,
} from "@/lib/testing/two-step.ts";
import { claimsOf, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { inviteUser } from "./invite-user.ts";
import { resendRegistrationCode } from "./resend-registration-code.ts";

const noAccount = { kind: "failure", code: "no_active_account" };

const world = createTwoStepWorld();
const { begin, start, verify } = registering(world);
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const openAbout = async (email: string) =>
  (await challengesAbout(world.db, email)).filter(({ consumedAt }) => consumedAt === null);

describe("2. not six digits", () => {
  it.each(["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "12.345", "\0"])("%j spends no try", async (code) => {
    const email = newAddress();
    const { challenge } = await start(email);
    expect(await verify({ challenge, code })).toEqual(codeRefused.notSixDigits);
    expect(await challengesAbout(world.db, email)).toMatchObject([{ triesLeft: 5, consumedAt: null }]);
  });

  it("spaces and dashes that a person types are ignored", async () => {
    const { challenge, code } = await start(newAddress());
    entered(await verify({ challenge, code: ` ${code.slice(0, 3)} - ${code.slice(3)} ` }));
  });
});

describe("3. a challenge that is good for nothing", () => {
  it.each(["", "x", "a".repeat(43), "x".repeat(60_000)])("refuses %j", async (challenge) => {
    expect(await verify({ challenge, code: "123456" })).toEqual(codeRefused.challenge);
  });

  it("refuses that of a log-in, which stays good, and a log-in refuses that of a registration", async () => {
    const user = await world.person();
    const logIn = await world.start(user);
    const registration = await start(newAddress());
    expect(await verify(logIn)).toEqual(codeRefused.challenge);
    expect(await world.answer(registration.challenge, registration.code)).toEqual(codeRefused.challenge);
    entered(await world.answer(logIn.challenge, logIn.code));
    entered(await verify(registration));
  });

  it("is no link either: it sets no password and accepts no invitation", async () => {
    const { challenge } = await start(newAddress());
    const input = { token: challenge, password: "a better pass phrase" };
    for (const act of [resetPassword, acceptInvitation]) {
      const outcome = await act(world.call(), input);
      expect(outcome).toMatchObject({ kind: "invalid-fields", fields: { token: [expect.any(String)] } });
    }
  });

  it("works a second before its ten minutes are over, and not when they are", async () => {
    const [early, late] = [await start(newAddress()), await start(newAddress())];
    world.clock.advance(598);
    entered(await verify(early));
    world.clock.advance(2);
    expect(await verify(late)).toEqual(codeRefused.challenge);
  });

  it("is used up by its right answer", async () => {
    const email = newAddress();
    const started = await start(email);
    const { user } = entered(await verify(started));
    expect(await verify(started)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
    expect(await resendRegistrationCode(world.call(), started.challenge)).toEqual(codeRefused.challenge);
  });

  it("whose address an operator, an invitation or another registration gave away meanwhile", async () => {
    const takers = [
      (email: string) => insertPerson(world.db, { email }),
      (email: string) => insertPerson(world.db, { email: email.toUpperCase() }),
      (email: string) => inviteUser(world.call(), null, { email }, LAPTOP),
    ];
    for (const take of takers) {
      const email = newAddress();
      const started = await start(email);
      await take(email);
      const before = await accountsOf(world.db, email);
      expect(await verify(started)).toEqual(codeRefused.challenge);
      expect(await verify(started)).toEqual(codeRefused.challenge);
      expect(await accountsOf(world.db, email)).toEqual(before);
      expect(await sessionsOf(world.db, before[0]?.id ?? "")).toEqual([]);
    }
  });
});

describe("4. a wrong code", () => {
  it("spends one of five tries; then the right one comes too late", async () => {
    const email = newAddress();
    const { challenge, code } = await start(email);
    for (const left of [4, 3, 2, 1, 0]) {
      expect(await verify({ challenge, code: notThe(code, left + 1) })).toEqual(codeRefused.wrong(left));
    }
    expect(await verify({ challenge, code })).toEqual(codeRefused.challenge);
    expect(await accountsOf(world.db, email)).toEqual([]);
  });

  it("is answered alike for an address that is taken and one that is free, to the last try", async () => {
    const { email } = await world.person();
    const free = newAddress();
    const answers = async (address: string) => {
      const challenge = begun(await begin(address));
      const [code = "000000"] = await codesTo(world.app, address);
      const told = [];
      for (const step of [1, 2, 3, 4, 5, 6]) {
        told.push(await verify({ challenge, code: notThe(code, step) }));
      }
      return told;
    };
    expect(await answers(email)).toEqual(await answers(free));
  });

  it("of ten at one moment five are judged, and no account comes of them", async () => {
    const email = newAddress();
    const { challenge, code } = await start(email);
    const outcomes = await times(10, (index) =>
      verify({ challenge, code: notThe(code, index + 1) }, { app: index % 2 ? there : world.app }),
    );
    const judged = outcomes.filter(
      (outcome) => outcome.kind === "failure" && outcome.code === "code_not_valid",
    );
    expect(judged).toHaveLength(5);
    expect(await accountsOf(world.db, email)).toEqual([]);
  });
});

describe("5. the right code", () => {
  it("makes the account, its address proven, and one session that says how it was entered", async () => {
    const email = newAddress();
    const outcome = entered(await verify(await start(email, { name: "Grace" })));
    const now = world.clock.now();
    expect(await accountsOf(world.db, email)).toEqual([
      expect.objectContaining({
        id: outcome.user.id,
        email,
        name: "Grace",
        role: "user",
        isActive: true,
        emailVerifiedAt: now,
        createdAt: now,
        twoFactorEmail: true,
      }),
    ]);
    const [session, ...more] = await sessionsOf(world.db, outcome.user.id);
    expect(more).toEqual([]);
    expect(session).toMatchObject({ amr: ["pwd", "email"], authenticatedAt: now, ...LAPTOP });
    expect(claimsOf(outcome.tokens.access)).toMatchObject({ sid: session?.id, amr: ["pwd", "email"] });
    expect(await authenticate(world.call({ now }), outcome.tokens.access)).toMatchObject({
      kind: "authenticated",
    });
    expect(outcome.deviceToken).toBeNull();
  });

  it("is recorded, and the first device is no news to anybody", async () => {
    const email = newAddress();
    const { user, session } = entered(await verify(await start(email)));
    const events = (await eventsOf(world.db, user.id)).map(({ type, sessionId }) => [type, sessionId]);
    expect(events).toHaveLength(2);
    expect(events).toContainEqual(["user.registered", null]);
    expect(events).toContainEqual(["login.succeeded", session.id]);
    expect(await subjectsTo(world.app, email)).toEqual(["Your code to confirm your address"]);
  });

  it("lets the person log in with the password they chose, by a code unless the settings say otherwise", async () => {
    const { app } = await world.process({ TWO_FACTOR_DEFAULT: "off" });
    const [careful, plain] = [newAddress(), newAddress()];
    entered(await verify(await start(careful, { password: "one pass phrase" })));
    entered(await verify(await start(plain, { password: "another pass phrase" }), { app }));
    challengeOf(await world.logIn({ email: careful }, { password: "one pass phrase" }));
    entered(await world.logIn({ email: plain }, { password: "another pass phrase" }));
    expect(await world.logIn({ email: plain }, { password: "one pass phrase" })).toEqual(noAccount);
  });

  it("counts as the newest code only, after another was asked for", async () => {
    const email = newAddress();
    const { challenge, code } = await start(email);
    world.clock.advance(60);
    await resendRegistrationCode(world.call(), challenge);
    const [newest = "", older] = await codesTo(world.app, email);
    expect(older).toBe(code);
    if (newest !== code) expect(await verify({ challenge, code })).toEqual(codeRefused.wrong(4));
    entered(await verify({ challenge, code: newest }));
  });

  it("a server error changes nothing: the code stays good, with all its tries", async () => {
    const email = newAddress();
    const started = await start(email);
    const mend = await breakInserts(world.db, "sessions");
    await expect(verify(started)).rejects.toThrow();
    await mend();
    expect(await accountsOf(world.db, email)).toEqual([]);
    expect(await challengesAbout(world.db, email)).toMatchObject([{ triesLeft: 5, consumedAt: null }]);
    entered(await verify(started));
  });
});

describe("somebody who registered another person's address first", () => {
  const victims = { password: "the owner's pass phrase" };
  const theirs = { password: "the thief's pass phrase", name: "Thief", device: THIEF };

  it("gains nothing when its owner proves it: their registration is dead and their password opens nothing", async () => {
    const email = newAddress();
    const attack = await start(email, theirs);
    const owner = entered(await verify(await start(email, victims)));
    expect(owner.user.name).toBe("");
    expect(await verify(attack, { device: THIEF })).toEqual(codeRefused.challenge);
    world.clock.advance(60);
    expect(await resendRegistrationCode(world.call({ device: THIEF }), attack.challenge)).toEqual(
      codeRefused.challenge,
    );
    expect(await world.logIn({ email }, theirs)).toEqual(noAccount);
    challengeOf(await world.logIn({ email }, victims));
    expect(await openAbout(email)).toEqual([]);
    expect(await sessionsOf(world.db, owner.user.id)).toHaveLength(1);
  });

  it("gains nothing in another spelling of the address either", async () => {
    const email = newAddress();
    const attack = await start(email.toUpperCase().replace("EXAMPLE.COM", "example.com"), theirs);
    entered(await verify(await start(email, victims)));
    expect(await verify(attack, { device: THIEF })).toEqual(codeRefused.challenge);
    expect(await accountsOf(world.db, email)).toHaveLength(1);
  });

  it("gains nothing by the owner's own code, which is worth nothing for another registration", async () => {
    const email = newAddress();
    const attack = await start(email, theirs);
    const own = await start(email, victims);
    if (own.code !== attack.code) {
      expect(await verify({ challenge: attack.challenge, code: own.code })).toEqual(codeRefused.wrong(4));
    }
    expect(await verify({ challenge: own.challenge, code: own.code })).toMatchObject({ kind: "logged-in" });
    expect(await world.logIn({ email }, theirs)).toEqual(noAccount);
  });

  it("gains nothing by beginning after the owner has proven it: that registration has no code", async () => {
    const email = newAddress();
    entered(await verify(await start(email, victims)));
    const before = (await codesTo(world.app, email)).length;
    world.clock.advance(1);
    begun(await begin(email, theirs));
    expect(await codesTo(world.app, email)).toHaveLength(before);
    expect((await subjectsTo(world.app, email))[0]).toBe("You already have an account");
  });

  it("ends no registration of another address, nor its log-ins", async () => {
    const other = await start(newAddress());
    const waiting = await world.start(await world.person());
    entered(await verify(await start(newAddress())));
    entered(await verify(other));
    entered(await world.answer(waiting.challenge, waiting.code));
  });
});

describe("at one moment", () => {
  it("two right answers to one registration make one account and one session, at two processes", async () => {
    for (let round = 0; round < 8; round += 1) {
      const email = newAddress();
      const started = await start(email);
      const outcomes = await times(2, (index) => verify(started, { app: index ? there : world.app }));
      expect(outcomes).toContainEqual(codeRefused.challenge);
      const winner = outcomes.find(({ kind }) => kind === "logged-in");
      const [account, ...more] = await accountsOf(world.db, email);
      expect(more).toEqual([]);
      expect(winner).toMatchObject({ user: { id: account?.id } });
      expect(await sessionsOf(world.db, account?.id ?? "")).toHaveLength(1);
    }
  });

  it("right answers to several registrations of one address make one account, the winner's, and no deadlock", async () => {
    for (let round = 0; round < 6; round += 1) {
      const email = newAddress();
      const started = [];
      for (const turn of [0, 1, 2, 3]) {
        started.push(await start(email, { password: `the pass phrase of turn ${turn}` }));
      }
      const outcomes = await Promise.all(
        started.map((each, index) => verify(each, { app: index % 2 ? there : world.app })),
      );
      const winners = outcomes.filter(({ kind }) => kind === "logged-in");
      expect(winners).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === "failure")).toEqual(Array(3).fill(codeRefused.challenge));
      const winner = outcomes.findIndex(({ kind }) => kind === "logged-in");
      for (const turn of [0, 1, 2, 3]) {
        const tried = await world.logIn({ email }, { password: `the pass phrase of turn ${turn}` });
        expect(tried).toMatchObject(
          turn === winner ? { kind: "two-factor-required" } : { code: "no_active_account" },
        );
      }
      expect(await openAbout(email)).toEqual([]);
    }
  });

  it("a proof and an operator who gives the address away: one account whoever is first, and no fault", async () => {
    for (let round = 0; round < 8; round += 1) {
      const email = newAddress();
      const started = await start(email);
      const acts = [
        () => verify(started),
        () => inviteUser({ app: there, now: world.clock.now() }, null, { email }, LAPTOP),
      ];
      if (round % 2) acts.reverse();
      const kinds = (await Promise.all(acts.map((act) => act()))).map(({ kind }) => kind).sort();
      const accounts = await accountsOf(world.db, email);
      expect(accounts).toHaveLength(1);
      const proven = accounts[0]?.passwordHash !== null;
      expect(kinds).toEqual(proven ? ["logged-in", "taken"] : ["failure", "invited"]);
    }
  });

  it("a proof and another registration of the address: both are answered, and one account is there", async () => {
    for (let round = 0; round < 6; round += 1) {
      const email = newAddress();
      const started = await start(email);
      const [proof, begunMeanwhile] = await Promise.all([verify(started), begin(email, { app: there })]);
      entered(proof);
      begun(begunMeanwhile);
      expect(await accountsOf(world.db, email)).toHaveLength(1);
      for (const code of await codesTo(world.app, email)) {
        const again = await verify({ challenge: begun(begunMeanwhile), code });
        expect(again).toMatchObject({ kind: "failure" });
      }
      expect(await accountsOf(world.db, email)).toHaveLength(1);
    }
  });

  it("a wrong and a right answer to one registration: the right one opens, whichever is first", async () => {
    const started = await start(newAddress());
    const outcomes = await Promise.all([
      verify({ ...started, code: notThe(started.code) }),
      verify(started, { app: there }),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toContain("logged-in");
  });
});

it("a registration that nobody proves leaves no account, whatever was tried", async () => {
  const before = (await world.db.select().from(users)).length;
  const email = newAddress();
  const { challenge, code } = await start(email);
  await verify({ challenge, code: notThe(code) });
  world.clock.advance(600);
  await verify({ challenge, code });
  expect(await world.db.select().from(users)).toHaveLength(before);
  expect(await world.logIn({ email }, { password: PASSWORD })).toEqual(noAccount);
  expect(await mailsTo(world.app, email)).toHaveLength(1);
});
