import { beforeAll, describe, expect, it } from "vitest";
import { recordStatements, type Sent } from "@/bench/kit/statements.ts";
import type { User } from "@/db/queries/users.ts";
import { challenges, outbox } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { limitMails } from "@/lib/auth/limits/limit-mails.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { lastTokenTo, mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow } from "@/lib/testing/records.ts";
import { challengesOf, codeRefused, createTwoStepWorld, entered, PHONE } from "@/lib/testing/two-step.ts";
import { openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { forgotPassword, forgotPasswordAgain } from "./forgot-password.ts";
import { resetPassword } from "./reset-password.ts";

const HOUR = 3_600;
const HALF_AN_HOUR = HOUR / 2;
const NEXT = "a better pass phrase";
const SUBJECT = "Choose a new password";
const asked = { kind: "asked" };
const notValid = {
  kind: "invalid-fields",
  fields: { token: ["This link was used, replaced by a newer one, or has expired."] },
};

const world = createTwoStepWorld({ APP_URL: "http://localhost:4321" });
let there: App;
let limited: App;
beforeAll(async () => {
  there = (await world.process()).app;
  limited = (await world.process({ RATE_LIMITS: "on" })).app;
});

const forgot = (email: string, { app = world.app, device = LAPTOP } = {}) =>
  forgotPassword(world.call({ app, device }), { email });
const again = (token: string, { app = world.app, device = LAPTOP } = {}) =>
  forgotPasswordAgain(world.call({ app, device }), { token });
const reset = (token: string, password = NEXT, app = world.app) =>
  resetPassword(world.call({ app }), { token, password });
const linkTo = (user: User) => lastTokenTo(world.app, user.email, "/reset-password");
const nobody = () => `${randomUUID()}@example.com`;
const from = (ip: string) => ({ ip, userAgent: PHONE.userAgent });

/** A link a second after whatever came before, so that it is the newest. */
async function forgetful(user?: User) {
  world.clock.advance(1);
  const person = user ?? (await world.person());
  expect(await forgot(person.email)).toEqual(asked);
  return { user: person, token: await linkTo(person) };
}

describe("1. no address", () => {
  it.each([
    "",
    "ada",
    "ada@",
    '"ada"@example.com',
    "ada@example.com, eve@example.com",
    "ada@exａmple.com",
  ])("says so of %j, and mails nobody", async (email) => {
    const mails = await world.db.$count(outbox);
    expect(await forgot(email)).toEqual({
      kind: "invalid-fields",
      fields: { email: ["Enter a valid email address."] },
    });
    expect(await world.db.$count(outbox)).toBe(mails);
  });
});

describe("2. too many mails", () => {
  it("lets five an hour be asked for to one address, in whatever case, from wherever, whoever's it is", async () => {
    for (const email of [(await world.person()).email, nobody()]) {
      const ask = (index: number) =>
        forgot(index % 2 ? email : email.toUpperCase(), { app: limited, device: from(`192.0.3.${index}`) });
      for (const index of Array(5).keys()) expect(await ask(index)).toEqual(asked);
      expect(await ask(6)).toEqual(codeRefused.throttled(HOUR / 5));
      world.clock.advance(HOUR / 5);
      expect(await ask(7)).toEqual(asked);
      expect(await ask(8)).toEqual(codeRefused.throttled(HOUR / 5));
    }
  });

  it("counts what was refused for nothing: the address gets no mail", async () => {
    const user = await world.person();
    for (const index of Array(8).keys())
      await forgot(user.email, { app: limited, device: from(`192.0.4.${index}`) });
    expect(await subjectsTo(world.app, user.email)).toEqual(Array(5).fill(SUBJECT));
  });

  it("lets one network ask twenty times an hour, whichever addresses it names", async () => {
    const device = (index: number) => from(`2001:db8:5:6::${index}`);
    const outcomes = [];
    for (const index of Array(20).keys())
      outcomes.push(await forgot(nobody(), { app: limited, device: device(index) }));
    expect(outcomes).toEqual(Array(20).fill(asked));
    expect(await forgot(nobody(), { app: limited, device: device(21) })).toEqual(
      codeRefused.throttled(HOUR / 20),
    );
    expect(await forgot(nobody(), { app: limited, device: from("2001:db8:5:7::1") })).toEqual(asked);
  });

  it("of fifty at one moment from everywhere, five bring a mail", async () => {
    const user = await world.person();
    const outcomes = await times(50, (index) =>
      forgot(user.email, { app: limited, device: from(`192.0.5.${index}`) }),
    );
    expect(outcomes.filter(({ kind }) => kind === "asked")).toHaveLength(5);
    expect(await mailsTo(world.app, user.email)).toHaveLength(5);
  });

  it("shares the budget with registration", async () => {
    const email = nobody();
    const device = from("192.0.6.1");
    for (const _ of Array(5))
      expect(
        await limitMails({ app: limited, now: world.clock.now() }, limited.db, {
          askedFor: "reset",
          email,
          device,
        }),
      ).toBeNull();
    expect(await forgot(email, { app: limited, device })).toMatchObject({ code: "throttled" });
  });
});

describe("3. an address without an account, or of an inactive one", () => {
  it("gets the same answer and no mail", async () => {
    const inactive = await world.person({ isActive: false });
    const mails = await world.db.$count(outbox);
    expect(await forgot(nobody())).toEqual(asked);
    expect(await forgot(inactive.email)).toEqual(asked);
    expect(await world.db.$count(outbox)).toBe(mails);
    expect(await challengesOf(world.db, inactive.id)).toEqual([]);
    expect(await eventsOf(world.db, inactive.id)).toEqual([
      expect.objectContaining({ type: "password.reset_requested", ip: LAPTOP.ip }),
    ]);
  });

  it("is kept nowhere: nobody's address stands in the tables afterwards", async () => {
    const email = nobody();
    await forgot(email);
    const rows = [await world.db.select().from(challenges), await world.db.select().from(outbox)];
    expect(JSON.stringify(rows)).not.toContain(email);
  });

  it("costs the same work: the same statements in the same order, and a mail as long", async () => {
    const accounts = [
      nobody(),
      (await world.person()).email,
      (await world.person({ isActive: false })).email,
      (await world.person({ passwordHash: null, emailVerifiedAt: null })).email,
      nobody(),
    ];
    const works = [];
    for (const email of accounts) {
      const ask = () => forgot(email, { app: limited, device: from("192.0.7.1") });
      works.push(workOf(await recordStatements(limited.db, ask)));
    }
    const [_connecting, active, ...others] = works;
    expect(active).toEqual({
      statements: [
        "insert rate_limits",
        "insert rate_limits",
        "select users",
        "begin",
        "select users",
        "update challenges",
        "insert challenges",
        "insert audit_events",
        "insert outbox",
        "commit",
      ],
      mails: [expect.any(Number)],
    });
    expect(others).toEqual([active, active, active]);
  });
});

/** What each statement does to which table, and how long the mails among their parameters are. */
function workOf(sent: Sent[]) {
  const table = /(?:from|into|update) "(\w+)"/;
  return {
    statements: sent.map(({ text }) =>
      [text.trim().split(/\W/)[0], text.match(table)?.[1]].filter(Boolean).join(" "),
    ),
    mails: sent
      .flatMap(({ parameters }) => parameters)
      .flatMap((parameter) =>
        Buffer.isBuffer(parameter) && parameter.length > 1_000 ? [parameter.length] : [],
      ),
  };
}

describe("4. the link", () => {
  it("goes to the owner, in text and HTML, is made from APP_URL, and says how long it lasts", async () => {
    const user = await world.person();
    expect(await forgot(`  ${user.email.toUpperCase()} `)).toEqual(asked);
    const [mail, ...more] = await mailsTo(world.app, user.email);
    expect(more).toEqual([]);
    const [link] = mail?.text.match(/^http:\/\/localhost:4321\/reset-password\?token=[\w-]{43}$/m) ?? [];
    expect(link).toBeDefined();
    expect(mail).toMatchObject({ to: user.email, subject: SUBJECT });
    expect(mail?.html).toContain(`href="${link}"`);
    for (const body of [mail?.text, mail?.html]) expect(body).toContain("30 minutes");
  });

  it("is kept as a hash alone, and recorded without it", async () => {
    const { user, token } = await forgetful();
    expect(Buffer.from(token, "base64url")).toHaveLength(32);
    const rows = [await challengesOf(world.db, user.id), await eventsOf(world.db, user.id)];
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(JSON.stringify(await world.db.select().from(outbox))).not.toContain(token);
    expect(rows[1]).toEqual([expect.objectContaining({ type: "password.reset_requested", ...LAPTOP })]);
  });

  it("changes nothing by being asked for: who is logged in stays, and the old password opens", async () => {
    const user = await world.person({ twoFactorEmail: false });
    const { session } = await openSession(world.app, user);
    await forgetful(user);
    expect(await sessionsOf(world.db, user.id)).toEqual([session]);
    entered(await world.logIn(user));
  });

  it("opens a new password for half an hour", async () => {
    const [early, late] = [await forgetful(), await forgetful()];
    world.clock.advance(HALF_AN_HOUR - 2);
    expect(await reset(early.token)).toEqual({ kind: "reset" });
    world.clock.advance(2);
    expect(await reset(late.token)).toEqual(notValid);
  });

  it("replaces the older one, and nothing else of the person", async () => {
    const user = await world.person();
    const logIn = await world.start(user);
    const older = await forgetful(user);
    const newer = await forgetful(user);
    expect(await reset(older.token)).toEqual(notValid);
    entered(await world.answer(logIn.challenge, logIn.code));
    expect(await reset(newer.token)).toEqual({ kind: "reset" });
  });

  it("leaves one good link of ten that were asked for at one moment, at two processes", async () => {
    const user = await world.person();
    await times(10, (index) => forgot(user.email, { app: index % 2 ? there : world.app }));
    const open = (await challengesOf(world.db, user.id)).filter(({ consumedAt }) => consumedAt === null);
    expect(open).toHaveLength(1);
    expect(await mailsTo(world.app, user.email)).toHaveLength(10);
  });
});

describe("an account that nobody has accepted", () => {
  const invitee = () => world.person({ passwordHash: null, emailVerifiedAt: null, role: "admin" });

  it("gets the same answer and no mail, by its address and by a link of an earlier version", async () => {
    const user = await invitee();
    const reset = { purpose: "password-reset", userId: user.id, lifetimeSeconds: HALF_AN_HOUR } as const;
    const token = await openChallenge(world.db, reset, world.clock.now());
    expect(await forgot(user.email)).toEqual(asked);
    expect(await again(token)).toEqual(asked);
    expect(await mailsTo(world.app, user.email)).toEqual([]);
  });

  it("is not opened by a reset link, wherever that came from, and its address stays unproven", async () => {
    const user = await invitee();
    const link = { purpose: "password-reset", userId: user.id, lifetimeSeconds: HALF_AN_HOUR } as const;
    const token = await openChallenge(world.db, link, world.clock.now());
    expect(await reset(token)).toMatchObject({ kind: "invalid-fields" });
    expect(await userRow(world.db, user.id)).toEqual(user);
    expect(await world.logIn(user, { password: NEXT })).toMatchObject({ code: "no_active_account" });
  });
});

describe("again, by a link that has ended", () => {
  it("nobody gets anything by a link that means nothing", async () => {
    const mails = await world.db.$count(outbox);
    for (const token of ["", "x", "a".repeat(43)]) expect(await again(token)).toEqual(asked);
    expect(await world.db.$count(outbox)).toBe(mails);
  });

  it("an expired, used or replaced one brings its person a new one", async () => {
    const expired = await forgetful();
    world.clock.advance(HALF_AN_HOUR);
    const used = await forgetful();
    await reset(used.token);
    const replaced = await forgetful();
    await forgetful(replaced.user);
    for (const { user, token } of [expired, used, replaced]) {
      world.clock.advance(1);
      expect(await again(token)).toEqual(asked);
      const newer = await linkTo(user);
      expect(newer).not.toBe(token);
      expect(await reset(token)).toEqual(notValid);
      expect(await reset(newer, "yet another pass phrase")).toEqual({ kind: "reset" });
    }
  });

  it("brings an inactive person nothing", async () => {
    const { user, token } = await forgetful();
    await world.db.$client`update users set is_active = false where id = ${user.id}`;
    expect(await again(token)).toEqual(asked);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
  });

  it("counts on the budget of the address: five mails an hour, however they are asked for", async () => {
    const { user, token } = await forgetful();
    for (const index of Array(3).keys())
      await forgot(user.email, { app: limited, device: from(`192.0.8.${index}`) });
    for (const index of Array(2).keys()) {
      expect(await again(token, { app: limited, device: from(`192.0.9.${index}`) })).toEqual(asked);
    }
    expect(await again(token, { app: limited, device: from("192.0.9.9") })).toMatchObject({
      code: "throttled",
    });
    expect(await mailsTo(world.app, user.email)).toHaveLength(6);
  });

  it("takes the secrets of other challenges for nothing", async () => {
    const user = await world.person();
    const { challenge } = await world.start(user);
    expect(await again(challenge)).toEqual(asked);
    expect(await subjectsTo(world.app, user.email)).not.toContain(SUBJECT);
  });
});
