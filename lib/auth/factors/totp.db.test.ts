import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { totpSecrets } from "@/db/schema.ts";
import { type App, createApp } from "@/lib/app/app.ts";
import { answerChallenge } from "@/lib/auth/log-in/answer-challenge.ts";
import { startStepUp, stepUpWithPassword, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import { instant } from "@/lib/base/clock.ts";
import { factorSteps, setUpTotp, totpApp } from "@/lib/testing/factors.ts";
import { mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionRow, userRow, writeUser } from "@/lib/testing/records.ts";
import { asTyped, codeRefused, createTwoStepWorld, entered, notThe } from "@/lib/testing/two-step.ts";
import { hasVectors, readVectors } from "@/lib/testing/vectors.ts";
import { openSession, times } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD, settingsFrom } from "@/lib/testing/world.ts";
import { confirmTotp } from "./confirm-totp.ts";
import { removeTotp } from "./remove-totp.ts";
import { resendCode } from "./resend-code.ts";
import { startTotp } from "./start-totp.ts";

const HOUR = 3600;
const world = createTwoStepWorld();
const { callOf, holder, withTotp, begin, byMethod } = factorSteps(world);
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});
const secretsOf = (userId: string) =>
  world.db.select().from(totpSecrets).where(eq(totpSecrets.userId, userId));
const recentLogInRequired = { kind: "failure", code: "recent_login_required" };
const codeField = { kind: "invalid-fields", fields: { code: [expect.any(String)] } };

describe("setting up an authenticator app", () => {
  it("needs a recent log-in, to start, to confirm and to remove", async () => {
    const person = await holder();
    world.clock.advance(HOUR);
    const call = await callOf(person);
    expect(await startTotp(call)).toEqual(recentLogInRequired);
    expect(await confirmTotp(call, "123456")).toEqual(recentLogInRequired);
    expect(await removeTotp(call)).toEqual(recentLogInRequired);
  });

  it("shows a secret of 20 bytes in base32 and the address that apps read", async () => {
    const { user, ...person } = await holder();
    const started = await startTotp(await callOf({ ...person, user }));
    if (started.kind !== "started") throw new Error(JSON.stringify(started));
    expect(started.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(started.uri);
    expect(uri.protocol).toBe("otpauth:");
    expect(decodeURIComponent(uri.pathname)).toContain(`Keyturn:${user.email}`);
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      secret: started.secret,
      issuer: "Keyturn",
      algorithm: "SHA1",
      digits: "6",
      period: "30",
    });
  });

  it("counts only from its first right code on", async () => {
    const person = await holder({ twoFactorEmail: false });
    await startTotp(await callOf(person));
    expect(await userRow(world.db, person.user.id)).toMatchObject({ totpSince: null });
    expect((await world.logIn(person.user)).kind).toBe("logged-in");
  });

  it.each(["", "12345", "1234567", "abcdef"])("says of %j that it is no code", async (code) => {
    expect(await confirmTotp(await callOf(await holder()), code)).toEqual(codeField);
  });

  it("refuses a wrong code, and any code while none is awaited", async () => {
    const person = await holder();
    expect(await confirmTotp(await callOf(person), "123456")).toEqual(codeField);
    const started = await startTotp(await callOf(person));
    const right = totpApp(started.kind === "started" ? started.secret : "").codeAt(world.clock.now());
    expect(await confirmTotp(await callOf(person), notThe(right))).toEqual(codeField);
    expect(await userRow(world.db, person.user.id)).toMatchObject({ totpSince: null, wrongCodes: 0 });
  });

  it("compares ten codes in ten minutes, even where limits are off", async () => {
    const person = await holder();
    await startTotp(await callOf(person));
    const call = await callOf(person);
    for (const _ of Array(10)) expect(await confirmTotp(call, "000000")).toEqual(codeField);
    expect(await confirmTotp(call, "000000")).toMatchObject({ code: "throttled" });
  });

  it("keeps the secret only encrypted, and moved to another row it opens nothing", async () => {
    const [ada, lin] = [await withTotp(), await withTotp()];
    const [row] = await secretsOf(ada.user.id);
    expect(row?.sealed.toString("latin1")).not.toContain(ada.totp.secret);
    const moved = { sealed: row?.sealed ?? Buffer.alloc(0) };
    await world.db.update(totpSecrets).set(moved).where(eq(totpSecrets.userId, lin.user.id));
    const challenge = await begin(lin.user);
    const answer = byMethod(challenge, "totp", ada.code());
    expect(await answerChallenge(world.call(), answer)).toEqual(codeRefused.wrong(4));
  });

  it("once right: is mailed and on record, ends trusted devices and brings ten recovery codes, once", async () => {
    const user = await world.person();
    const started = await world.start(user);
    const { deviceToken } = entered(
      await world.answer(started.challenge, started.code, { trustDevice: true }),
    );
    const person = await holderOf(user.id);
    const { recoveryCodes } = await setUpTotp(await callOf(person));
    expect(recoveryCodes).toHaveLength(10);
    expect(await userRow(world.db, user.id)).toMatchObject({
      totpSince: world.clock.now(),
      recoveryCodesLeft: 10,
    });
    expect(await subjectsTo(world.app, user.email)).toContain("An authenticator app was set up");
    const changed = { type: "two_factor.changed", data: { totp: true } };
    expect(await eventsOf(world.db, user.id)).toContainEqual(expect.objectContaining(changed));
    expect((await world.logIn(user, { deviceToken: deviceToken ?? "" })).kind).toBe("two-factor-required");
    expect((await setUpTotp(await callOf(person))).recoveryCodes).toEqual([]);
  });

  it("leaves the app before in use until the new one is confirmed, and starts afresh with it", async () => {
    const person = await withTotp();
    const started = await startTotp(await callOf(person));
    if (started.kind !== "started") throw new Error(JSON.stringify(started));
    const old = byMethod(await begin(person.user), "totp", person.code());
    expect((await answerChallenge(world.call(), old)).kind).toBe("logged-in");
    const next = totpApp(started.secret);
    expect((await confirmTotp(await callOf(person), next.codeAt(world.clock.now()))).kind).toBe("confirmed");
    expect(await secretsOf(person.user.id)).toHaveLength(1);
    world.clock.advance(30);
    const stale = byMethod(await begin(person.user), "totp", person.code());
    expect(await answerChallenge(world.call(), stale)).toEqual(codeRefused.wrong(4));
    const fresh = byMethod(stale.challenge, "totp", next.codeAt(world.clock.now()));
    expect((await answerChallenge(world.call(), fresh)).kind).toBe("logged-in");
  });

  it("of simultaneous confirmations at two processes one is taken", async () => {
    const person = await holder();
    const started = await startTotp(await callOf(person));
    const code = totpApp(started.kind === "started" ? started.secret : "").codeAt(world.clock.now());
    const call = await callOf(person);
    const outcomes = await times(8, (index) =>
      confirmTotp({ ...call, app: index % 2 ? there : world.app }, code),
    );
    expect(outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
  });
});

describe("logging in with an authenticator app", () => {
  it("asks for it in place of the mailed code, and mails nothing", async () => {
    const { user } = await withTotp();
    const before = (await mailsTo(world.app, user.email)).length;
    const outcome = await world.logIn(user);
    expect(outcome).toEqual({
      kind: "two-factor-required",
      purpose: "log-in",
      challenge: {
        challenge: expect.any(String),
        methods: ["totp", "recovery_code"],
        expires_in: 600,
      },
    });
    expect(await mailsTo(world.app, user.email)).toHaveLength(before);
  });

  it("takes its code without being told which method it is, and the session says what was proven", async () => {
    const person = await withTotp();
    const challenge = await begin(person.user);
    const { session } = entered(await world.answer(challenge, person.code()));
    expect(session.amr).toEqual(["pwd", "otp", "mfa"]);
  });

  it("takes a step once, over log-ins, processes and the step-up", async () => {
    const person = await withTotp();
    const code = person.code();
    const challenges = [await begin(person.user), await begin(person.user)];
    const answer = (challenge = "", app = world.app) =>
      answerChallenge({ app, device: LAPTOP, now: world.clock.now() }, byMethod(challenge, "totp", code));
    const outcomes = await Promise.all([answer(challenges[0]), answer(challenges[1], there)]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(["failure", "logged-in"]);
    const stepUp = await startStepUp(await callOf(person));
    const asked = stepUp.kind === "asked" ? stepUp.challenge.challenge : "";
    const again = { challenge: asked, proof: { method: "totp", code } } as const;
    expect(await stepUpWithProof(await callOf(person), again)).toMatchObject({ code: "code_not_valid" });
  });

  it("takes none of an older step after a newer one, and the code of its set-up never again", async () => {
    const user = await world.person();
    const person = await holderOf(user.id);
    const totp = await setUpTotp(await callOf(person));
    const spent = totp.codeAt(world.clock.now());
    const challenge = await begin(user);
    expect(await world.answer(challenge, spent)).toEqual(codeRefused.wrong(4));
    world.clock.advance(60);
    const older = totp.codeAt(instant(world.clock.now().getTime() - 30_000));
    expect((await world.answer(challenge, totp.codeAt(world.clock.now()))).kind).toBe("logged-in");
    expect(await world.answer(await begin(user), older)).toEqual(codeRefused.wrong(4));
  });

  it("forgives one step to either side, and no second", async () => {
    for (const [drift, kind] of [
      [-60, "failure"],
      [-30, "logged-in"],
      [30, "logged-in"],
      [60, "failure"],
    ] as const) {
      const person = await withTotp();
      world.clock.advance(120);
      const code = person.totp.codeAt(instant(world.clock.now().getTime() + drift * 1000));
      world.clock.advance(-1);
      expect((await world.answer(await begin(person.user), code)).kind).toBe(kind);
    }
  });

  it.skipIf(!hasVectors)("knows the codes of RFC 6238's appendix", () => {
    const file = JSON.parse(readVectors("totp/rfc6238-rfc4226.json") ?? "{}");
    const known = (file.totp_rfc6238_appendix_b as Record<string, string>[]).filter(
      ({ algorithm }) => algorithm === "SHA1",
    );
    expect(known).toHaveLength(6);
    for (const { seedBase32 = "", time, code6 } of known)
      expect(totpApp(seedBase32).codeAt(instant(Number(time) * 1000))).toBe(code6);
  });

  it("takes no mailed code any more, not even of a challenge from before", async () => {
    const user = await world.person();
    const before = await world.start(user);
    const person = await holderOf(user.id);
    await setUpTotp(await callOf(person));
    expect(await world.answer(before.challenge, before.code)).toEqual(codeRefused.challenge);
    const answer = byMethod(await begin(user), "email", "123456");
    expect(await answerChallenge(world.call(), answer)).toMatchObject({
      fields: { method: [expect.any(String)] },
    });
    const resend = { secret: answer.challenge, purpose: "log-in" } as const;
    expect(await resendCode(world.call(), resend)).toMatchObject({
      fields: { challenge: [expect.any(String)] },
    });
  });

  it("counts wrong codes of the app with all others, and closes code entry at the tenth", async () => {
    const person = await withTotp();
    for (const challenge of [await begin(person.user), await begin(person.user)]) {
      for (const _ of Array(5)) await world.answer(challenge, notThe(person.code()));
    }
    expect(await userRow(world.db, person.user.id)).toMatchObject({ wrongCodes: 10 });
    expect(await world.logIn(person.user)).toEqual(codeRefused.throttled(900));
  });

  it("is asked although the e-mailed code is off", async () => {
    const { user } = await withTotp({ twoFactorEmail: false });
    expect((await world.logIn(user)).kind).toBe("two-factor-required");
  });

  it("opens nothing with another SECRET_KEY", async () => {
    const person = await withTotp();
    const { settings, db, clock } = world.app;
    const other = await createApp(
      settingsFrom({ RATE_LIMITS: "off" }),
      `${settings.APP_URL} another secret`,
      {
        db,
        clock,
        passwords: world.app.passwords,
      },
    );
    const challenge = await begin(person.user);
    expect(await world.answer(challenge, person.code(), { app: other })).toEqual(codeRefused.wrong(4));
  });
});

describe("a step-up of somebody with an authenticator app", () => {
  it("asks for it after the password, which alone no longer suffices", async () => {
    const person = await withTotp();
    const outcome = await stepUpWithPassword(await callOf(person), PASSWORD);
    expect(outcome).toMatchObject({
      kind: "two-factor-required",
      challenge: { methods: ["totp", "recovery_code"] },
    });
    const challenge = outcome.kind === "two-factor-required" ? outcome.challenge.challenge : "";
    world.clock.advance(HOUR);
    expect(await startTotp(await callOf(person))).toEqual(recentLogInRequired);
    world.clock.advance(-HOUR);
    const proven = await stepUpWithProof(await callOf(person), asTyped({ challenge, code: person.code() }));
    expect(proven.kind).toBe("stepped-up");
  });

  it("adds what was proven to what the session has", async () => {
    const person = await withTotp();
    const other = await holderOf(person.user.id);
    const started = await startStepUp(await callOf(other));
    const challenge = started.kind === "asked" ? started.challenge.challenge : "";
    await stepUpWithProof(await callOf(other), asTyped({ challenge, code: person.code() }));
    expect((await sessionRow(world.db, other.session.id)).amr).toEqual(["pwd", "otp", "mfa"]);
  });
});

describe("removing the app", () => {
  it("takes the recovery codes along, and the mailed code is asked again", async () => {
    const person = await withTotp();
    expect(await removeTotp(await callOf(person))).toEqual({ kind: "removed" });
    expect(await userRow(world.db, person.user.id)).toMatchObject({ totpSince: null, recoveryCodesLeft: 0 });
    expect(await subjectsTo(world.app, person.user.email)).toContain("The authenticator app was removed");
    expect(await world.logIn(person.user)).toMatchObject({ challenge: { methods: ["email"] } });
  });

  it("needs the app or a recovery code: neither the password alone nor a trusted device will do", async () => {
    const person = await withTotp();
    const other = await holderOf(person.user.id);
    expect(await removeTotp(await callOf(other))).toEqual(recentLogInRequired);
    expect(await userRow(world.db, person.user.id)).toMatchObject({ recoveryCodesLeft: 10 });
  });

  it("is refused while the account is held, and so is setting up", async () => {
    const person = await withTotp();
    await writeUser(world.db, person.user.id, { heldUntil: instant(world.clock.now().getTime() + 1000) });
    expect(await removeTotp(await callOf(person))).toMatchObject({ code: "account_held" });
    expect(await startTotp(await callOf(person))).toMatchObject({ code: "account_held" });
  });
});

/** A session of somebody by the password alone, as a trusted device has it. */
async function holderOf(userId: string) {
  return openSession(world.app, await userRow(world.db, userId));
}
