import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { challenges } from "@/db/schema.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { refreshSession } from "@/lib/auth/rotation/refresh-session.ts";
import { authenticate } from "@/lib/auth/sessions/authenticate.ts";
import { logOutEverywhere } from "@/lib/auth/sessions/log-out.ts";
import { epochSeconds, secondsAfter } from "@/lib/base/clock.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionsOf, userRow, writeUser } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  codeRefused,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { readVectors } from "@/lib/testing/vectors.ts";
import { claimsOf, openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { startStepUp } from "./step-up.ts";

const CODE_LIFETIME = 600;
const world = createTwoStepWorld();

/** A person half-way in, and what they hold. */
async function halfway() {
  const user = await world.person();
  return { user, ...(await world.start(user)) };
}

const triesLeft = async (userId: string) =>
  (await challengesOf(world.db, userId)).map((challenge) => challenge.triesLeft);

/** The same number in other digits. */
function inDigits(code: string, digits: string) {
  return [...code].map((digit) => [...digits][Number(digit)]).join("");
}

/** How a person may copy a code from a mail, a sheet of paper or a phone call. */
const typings: ((code: string) => string)[] = [
  (code) => code,
  (code) => ` ${code}\n`,
  (code) => `${code.slice(0, 3)} ${code.slice(3)}`,
  (code) => `${code.slice(0, 3)}-${code.slice(3)}`,
  (code) => [...code].join(" - "),
  (code) => `\t${[...code].join("\u00a0")}\u2009`,
  (code) => `${code.slice(0, 3)}–${code.slice(3)}`,
];

/** What is no code, made of one that is right: other digits, more of them, other signs. */
const noCodes: [string, (code: string) => string][] = [
  ["empty", () => ""],
  ["only spaces and dashes", () => "  - - "],
  ["five digits", (code) => code.slice(1)],
  ["seven digits", (code) => `${code}0`],
  ["seven digits, the first a nought", (code) => `0${code}`],
  ["twice the code", (code) => code + code],
  ["letters", () => "abcdef"],
  ["the letter O for a nought", (code) => `O${code.slice(1)}`],
  ["hexadecimal", () => "0x1234"],
  ["an exponent", () => "1e5"],
  ["a plus before it", (code) => `+${code}`],
  ["a decimal point", (code) => `${code}.`],
  ["a list of it", (code) => JSON.stringify([code])],
  ["a wildcard", () => "______"],
  ["SQL", (code) => `${code}' or '1'='1`],
  ["a NUL after it", (code) => `${code}\0`],
  ["Arabic-Indic digits", (code) => inDigits(code, "٠١٢٣٤٥٦٧٨٩")],
  ["Devanagari digits", (code) => inDigits(code, "०१२३४५६७८९")],
  ["mathematical digits", (code) => inDigits(code, "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")],
  ["one Bengali digit among ASCII ones", (code) => inDigits(code[0] ?? "", "০১২৩৪৫৬৭৮৯") + code.slice(1)],
  ["superscript digits", (code) => inDigits(code, "⁰¹²³⁴⁵⁶⁷⁸⁹")],
  ["sixty thousand digits", (code) => code.repeat(10_000)],
];

describe("1. not six digits, spaces and dashes aside", () => {
  it.each(noCodes)("refuses %s, naming the field, and spends no try", async (_, mistype) => {
    const { user, challenge, code } = await halfway();
    expect(await world.answer(challenge, mistype(code))).toEqual(codeRefused.notSixDigits);
    expect(await triesLeft(user.id)).toEqual([5]);
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 0 });
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    entered(await world.answer(challenge, code));
  });

  it("refuses the right code in every set of digits that Unicode has but full-width ones, and spends no try", async () => {
    const rows = [
      {
        digits: "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
        name: "ARABIC-INDIC DIGIT ZERO",
      },
      ...digitSets(),
    ];
    const { user, challenge, code } = await halfway();
    for (const { digits, name } of rows.filter(({ name: set }) => set !== "FULLWIDTH DIGIT ZERO")) {
      const outcome = await world.answer(challenge, inDigits(code, digits));
      expect({ name, outcome }).toEqual({ name, outcome: codeRefused.notSixDigits });
    }
    expect(await triesLeft(user.id)).toEqual([5]);
    entered(await world.answer(challenge, code));
  });

  it.each(
    typings.map((type) => [JSON.stringify(type("123456")), type] as const),
  )("takes a code typed as %s", async (_, type) => {
    const { challenge, code } = await halfway();
    entered(await world.answer(challenge, type(code)));
  });
});

describe("2. a challenge that is for something else, unknown, expired, used or exhausted", () => {
  it.each([
    ["unknown", () => randomToken(32)],
    ["empty", () => ""],
    ["huge", () => "x".repeat(60_000)],
    ["cut short", (challenge: string) => challenge.slice(0, -1)],
    ["in other letters", (challenge: string) => challenge.toLowerCase()],
    ["padded", (challenge: string) => `${challenge}=`],
    ["between spaces", (challenge: string) => ` ${challenge} `],
    ["with a NUL after it", (challenge: string) => `${challenge}\0`],
  ])("refuses one that is %s, and the true one is none the worse", async (_, change) => {
    const { user, challenge, code } = await halfway();
    expect(await world.answer(change(challenge), code)).toEqual(codeRefused.challenge);
    expect(await triesLeft(user.id)).toEqual([5]);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    entered(await world.answer(challenge, code));
  });

  it("takes the right code a second before its ten minutes are over, and not when they are", async () => {
    const early = await halfway();
    world.clock.advance(CODE_LIFETIME - 1);
    const inside = entered(await world.answer(early.challenge, early.code));
    expect(inside.session.authenticatedAt).toEqual(world.clock.now());
    const late = await halfway();
    world.clock.advance(CODE_LIFETIME);
    expect(await world.answer(late.challenge, late.code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, late.user.id)).toEqual([]);
  });

  it("spends no try on an expired challenge, however wrong the code", async () => {
    const { user, challenge, code } = await halfway();
    world.clock.advance(CODE_LIFETIME);
    for (let turn = 1; turn <= 12; turn += 1) {
      expect(await world.answer(challenge, notThe(code, turn))).toEqual(codeRefused.challenge);
    }
    expect(await triesLeft(user.id)).toEqual([5]);
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 0, codesClosedUntil: null });
  });

  it("refuses a second use of the right code, and opens no second session", async () => {
    const { user, challenge, code } = await halfway();
    entered(await world.answer(challenge, code));
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    expect(await world.answer(challenge, notThe(code))).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 0 });
  });

  it("refuses the challenge of a step-up, with its own right code", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const sent = await startStepUp(world.call({ principal: holder }));
    const [mail] = await mailsTo(world.app, user.email);
    const code = /^\d{6}$/m.exec(mail?.text ?? "")?.[0] ?? "";
    const challenge = sent.kind === "asked" ? sent.challenge.challenge : "";
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    expect(await triesLeft(user.id)).toEqual([5]);
    expect(await sessionsOf(world.db, user.id)).toEqual([holder.session]);
  });

  it("refuses a person who was made inactive meanwhile", async () => {
    const { user, challenge, code } = await halfway();
    await deactivateUser(world.call(), { userId: user.id });
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
  });

  it("refuses one that was pending when its owner logged out everywhere", async () => {
    const user = await world.person();
    const holder = await openSession(world.app, user);
    const { challenge, code } = await world.start(user);
    await logOutEverywhere(world.call({ principal: holder }));
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, user.id)).toEqual([expect.objectContaining({ id: holder.session.id })]);
  });
});

describe("3. code entry that is closed", () => {
  it("refuses the right code for now, and it costs no try", async () => {
    const { user, challenge, code } = await halfway();
    const closedUntil = secondsAfter(world.clock.now(), 60);
    await writeUser(world.db, user.id, { codesClosedUntil: closedUntil });
    const tries = await triesLeft(user.id);
    expect(await world.answer(challenge, code)).toMatchObject({ kind: "failure", code: "throttled" });
    expect(await triesLeft(user.id)).toEqual(tries);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    world.clock.advance(60);
    expect(await world.answer(challenge, code)).toMatchObject({ kind: "logged-in" });
  });
});

describe("4. a wrong code", () => {
  it("tells the tries left, 4, 3, 2, 1, 0; then the right one is too late", async () => {
    const { user, challenge, code } = await halfway();
    for (const left of [4, 3, 2, 1, 0]) {
      expect(await world.answer(challenge, notThe(code, left + 1))).toEqual(codeRefused.wrong(left));
    }
    expect(await world.answer(challenge, notThe(code))).toEqual(codeRefused.challenge);
    expect(await world.answer(challenge, code)).toEqual(codeRefused.challenge);
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    const events = await eventsOf(world.db, user.id);
    expect(events.map(({ type, data, ip }) => `${type} ${data.in_a_row} ${ip}`).sort()).toEqual(
      [1, 2, 3, 4, 5].map((inARow) => `code.wrong ${inARow} ${LAPTOP.ip}`),
    );
  });

  it("four wrong ones leave the right one good", async () => {
    const { challenge, code } = await halfway();
    for (let turn = 1; turn <= 4; turn += 1) await world.answer(challenge, notThe(code, turn));
    entered(await world.answer(challenge, code));
  });

  it("a code of another challenge is wrong, of one's own other device or of another person, both ways", async () => {
    const user = await world.person();
    const here = await world.start(user);
    const there = await world.start(user, { device: PHONE });
    const other = await world.start(await world.person());
    for (const [challenge, code] of [
      [here.challenge, there.code],
      [there.challenge, here.code],
      [here.challenge, other.code],
      [other.challenge, here.code],
    ] as const) {
      if (codeOf(challenge) === code) continue;
      expect(await world.answer(challenge, code)).toMatchObject({ code: "code_not_valid" });
    }
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    for (const { challenge, code } of [here, there, other]) entered(await world.answer(challenge, code));

    function codeOf(challenge: string) {
      return [here, there, other].find((each) => each.challenge === challenge)?.code;
    }
  });

  it("a code's kept hash that is moved to another challenge opens nothing", async () => {
    const { user, ...mine } = await halfway();
    const victim = await halfway();
    await world.db.execute(
      sql`update ${challenges} set code_hash = (select code_hash from ${challenges} where user_id = ${user.id})
          where user_id = ${victim.user.id}`,
    );
    expect(await world.answer(victim.challenge, mine.code)).toEqual(codeRefused.wrong(4));
    expect(await sessionsOf(world.db, victim.user.id)).toEqual([]);
  });
});

describe("5. the right code", () => {
  it("opens a session that says how and when it was proven", async () => {
    const { user, challenge, code } = await halfway();
    world.clock.advance(90);
    const now = world.clock.now();
    const { session, tokens, deviceToken } = entered(await world.answer(challenge, code, { device: PHONE }));
    expect(deviceToken).toBeNull();
    expect(await sessionsOf(world.db, user.id)).toEqual([
      expect.objectContaining({
        id: session.id,
        amr: ["pwd", "email"],
        authenticatedAt: now,
        generation: 1,
        ...PHONE,
      }),
    ]);
    expect(claimsOf(tokens.access)).toMatchObject({
      sid: session.id,
      user_id: user.id,
      amr: ["pwd", "email"],
      auth_time: epochSeconds(now),
    });
    expect(await authenticate(world.call({ now }), tokens.access)).toMatchObject({ kind: "authenticated" });
    expect(await userRow(world.db, user.id)).toMatchObject({ lastLoginAt: now, wrongCodes: 0 });
    expect((await eventsOf(world.db, user.id)).map(({ type, data }) => ({ type, data }))).toEqual([
      { type: "login.succeeded", data: { amr: "pwd email" } },
    ]);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
  });

  it("keeps amr and auth_time over refreshes", async () => {
    const { challenge, code } = await halfway();
    const { session, tokens } = entered(await world.answer(challenge, code));
    world.clock.advance(3600);
    const input = { token: tokens.refresh, delivery: "json", retryKey: null, device: LAPTOP } as const;
    const next = await refreshSession(world.call(), input);
    if (next.kind !== "refreshed") throw new Error(JSON.stringify(next));
    expect(claimsOf(next.tokens.access)).toMatchObject({
      amr: ["pwd", "email"],
      auth_time: epochSeconds(session.authenticatedAt),
    });
  });

  it("serves two devices at once: each log-in has its own challenge, and both end in a session", async () => {
    const user = await world.person();
    const laptop = await world.start(user);
    const phone = await world.start(user, { device: PHONE });
    entered(await world.answer(phone.challenge, phone.code, { device: PHONE }));
    entered(await world.answer(laptop.challenge, laptop.code));
    expect((await sessionsOf(world.db, user.id)).map(({ userAgent }) => userAgent).sort()).toEqual(
      [PHONE.userAgent, LAPTOP.userAgent].sort(),
    );
  });

  it("fifty right answers at one moment, at two processes, open exactly one session", async () => {
    const there = await world.process();
    const { user, challenge, code } = await halfway();
    const outcomes = await times(50, (index) =>
      world.answer(challenge, code, { app: index % 2 ? there.app : world.app, trustDevice: true }),
    );
    expect(outcomes.filter(({ kind }) => kind === "logged-in")).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind !== "logged-in")).toEqual(
      Array(49).fill(codeRefused.challenge),
    );
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
    expect(await trustedDevicesOf(world.db, user.id)).toHaveLength(1);
  });

  it("needs no more than one connection from the first step to the last", async () => {
    const { app } = await world.process({}, 1);
    const user = await world.person();
    const { challenge, code } = await world.start(user, { app });
    await world.answer(challenge, notThe(code), { app });
    entered(await world.answer(challenge, code, { app, trustDevice: true }));
  });

  it("a server error spends no try and not the code: it works once the fault is mended", async () => {
    const { user, challenge, code } = await halfway();
    await world.answer(challenge, notThe(code));
    const mend = await breakInserts(world.db, "sessions");
    for (let turn = 0; turn < 6; turn += 1) {
      await expect(world.answer(challenge, code, { trustDevice: true })).rejects.toThrow();
    }
    await mend();
    expect(await challengesOf(world.db, user.id)).toEqual([
      expect.objectContaining({ triesLeft: 4, consumedAt: null }),
    ]);
    expect(await userRow(world.db, user.id)).toMatchObject({ wrongCodes: 1, lastLoginAt: null });
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    entered(await world.answer(challenge, code));
  });

  it("works at another process after the first one has lost its database", async () => {
    const first = await world.process();
    const user = await world.person();
    const { challenge, code } = await world.start(user, { app: first.app });
    await first.close();
    await expect(world.answer(challenge, code, { app: first.app })).rejects.toThrow();
    expect(await triesLeft(user.id)).toEqual([5]);
    const second = await world.process();
    entered(await world.answer(challenge, code, { app: second.app }));
  });

  it("works after the database threw its connection out between password and code", async () => {
    const { app } = await world.process({}, 1);
    const user = await world.person();
    const { challenge, code } = await world.start(user, { app });
    const [backend] = await app.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    await world.db.execute(sql`select pg_terminate_backend(${backend?.pid ?? 0})`);
    let outcome: Awaited<ReturnType<typeof world.answer>> | undefined;
    for (let turn = 0; turn < 50 && !outcome; turn += 1) {
      outcome = await world.answer(challenge, code, { app }).catch(() => undefined);
    }
    expect(outcome).toMatchObject({ kind: "logged-in" });
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
  });

  it("works where two-step log-in was turned off since: who was asked for a code gives it", async () => {
    const { user, challenge, code } = await halfway();
    await writeUser(world.db, user.id, { twoFactorEmail: false });
    expect(entered(await world.answer(challenge, code)).session.amr).toEqual(["pwd", "email"]);
  });

  it("keeps neither the challenge's secret nor the code in the database, but sealed in the mail", async () => {
    const { user, challenge, code } = await halfway();
    const [row] = await challengesOf(world.db, user.id);
    const text = JSON.stringify({ ...row, id: "", createdAt: "", sentAt: "", expiresAt: "" });
    expect(text).not.toContain(challenge);
    expect(text).not.toContain(code);
    expect(row?.codeHash).toHaveLength(32);
    expect(row?.tokenHash).toHaveLength(32);
    expect(row?.expiresAt).toEqual(secondsAfter(world.clock.now(), CODE_LIFETIME));
  });
});

/** Every set of ten digits that Unicode has; none on a machine without the list. */
function digitSets(): { digits: string; name: string }[] {
  return JSON.parse(readVectors("unicode/decimal-digit-sets.json") ?? '{"rows":[]}').rows;
}
