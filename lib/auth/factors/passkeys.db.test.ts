import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { challenges, passkeys } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { answerChallenge } from "@/lib/auth/log-in/answer-challenge.ts";
import { startStepUp, stepUpWithProof } from "@/lib/auth/log-in/step-up.ts";
import type { SignedCredential } from "@/lib/contract/passkeys.ts";
import { createAuthenticator } from "@/lib/testing/authenticator.ts";
import { factorSteps, setUpPasskey, setUpTotp } from "@/lib/testing/factors.ts";
import { subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, sessionRow, userRow } from "@/lib/testing/records.ts";
import { codeRefused, createTwoStepWorld } from "@/lib/testing/two-step.ts";
import { openSession, times } from "@/lib/testing/wire.ts";
import { addPasskey } from "./add-passkey.ts";
import { namePasskey } from "./name-passkey.ts";
import { removePasskey } from "./remove-passkey.ts";
import { showTwoFactor } from "./show-two-factor.ts";
import { startPasskey } from "./start-passkey.ts";
import { startPasskeyProof } from "./start-passkey-proof.ts";

const FIVE_MINUTES = 300;
const HOUR = 3600;
const world = createTwoStepWorld();
const { callOf, holder, withPasskey, begin } = factorSteps(world);
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});
const recentLogInRequired = { kind: "failure", code: "recent_login_required" };
const notTaken = { kind: "invalid-fields", fields: { credential: [expect.any(String)] } };
const wrong = (left: number) => ({
  kind: "failure",
  code: "passkey_not_valid",
  extra: { attempts_left: left },
});

async function started(person: Awaited<ReturnType<typeof holder>>) {
  const outcome = await startPasskey(await callOf(person));
  if (outcome.kind !== "started") throw new Error(JSON.stringify(outcome));
  return outcome;
}
async function asked(challenge: string, sessionId: string | null = null) {
  const outcome = await startPasskeyProof(world.call(), { secret: challenge, sessionId });
  if (outcome.kind !== "asked") throw new Error(JSON.stringify(outcome));
  return outcome.options;
}
const answer = (challenge: string, credential: SignedCredential, app = world.app) =>
  answerChallenge(world.call({ app }), {
    challenge,
    proof: { method: "passkey", credential },
    trustDevice: false,
  });

describe("adding a passkey", () => {
  it("needs a recent log-in, to start, to add and to remove", async () => {
    const person = await withPasskey();
    world.clock.advance(HOUR);
    const call = await callOf(person);
    expect(await startPasskey(call)).toEqual(recentLogInRequired);
    const credential = createAuthenticator().make({ challenge: "x", user: { id: "" } });
    expect(await addPasskey(call, { challenge: "x", credential })).toEqual(recentLogInRequired);
    expect(await removePasskey(call, person.passkey.passkeyId)).toEqual(recentLogInRequired);
  });

  it("asks for a resident key and no attestation, and names keys they have", async () => {
    const person = await withPasskey();
    const { options, expiresInSeconds } = await started(person);
    expect(expiresInSeconds).toBe(300);
    expect(options).toMatchObject({
      rp: { id: "localhost", name: "Keyturn" },
      attestation: "none",
      authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
      excludeCredentials: [{ id: person.passkey.id }],
      pubKeyCredParams: [{ alg: -8 }, { alg: -7 }, { alg: -257 }],
    });
    expect(Buffer.from(options.challenge, "base64url")).toHaveLength(32);
    expect(options.user.id).not.toContain(person.user.id);
    expect((await started(person)).options.user.id).toBe(options.user.id);
  });

  it("brings ten recovery codes with the first, a mail and a line on record, and this session proves it", async () => {
    const person = await holder();
    const { recoveryCodes } = await setUpPasskey(await callOf(person), createAuthenticator({ synced: true }));
    expect(recoveryCodes).toHaveLength(10);
    expect((await setUpPasskey(await callOf(person))).recoveryCodes).toEqual([]);
    expect(await userRow(world.db, person.user.id)).toMatchObject({ passkeys: 2, recoveryCodesLeft: 10 });
    expect(await subjectsTo(world.app, person.user.email)).toContain("A passkey was added");
    const types = (await eventsOf(world.db, person.user.id)).map(({ type }) => type);
    expect(types.filter((type) => type === "passkey.added")).toHaveLength(2);
    expect((await sessionRow(world.db, person.session.id)).amr).toEqual(["pwd", "swk", "user", "mfa", "hwk"]);
  });

  it.each([
    ["another origin", { origin: "http://localhost:3001" }],
    ["another site", { rpId: "example.com" }],
  ])("refuses one made for %s, and the challenge is used up", async (_, manner) => {
    const person = await holder();
    const { challenge, options } = await started(person);
    const authenticator = createAuthenticator();
    const bad = authenticator.make(options, manner);
    expect(await addPasskey(await callOf(person), { challenge, credential: bad })).toEqual(notTaken);
    const good = authenticator.make(options);
    expect(await addPasskey(await callOf(person), { challenge, credential: good })).toEqual(notTaken);
    expect(await userRow(world.db, person.user.id)).toMatchObject({ passkeys: 0 });
  });

  it("refuses a challenge that is used, five minutes old, another session's, or a log-in's", async () => {
    const person = await holder();
    const { challenge, options } = await started(person);
    const credential = createAuthenticator().make(options);
    const other = await openSession(world.app, person.user);
    expect(await addPasskey(await callOf(other), { challenge, credential })).toEqual(notTaken);
    world.clock.advance(FIVE_MINUTES);
    expect(await addPasskey(await callOf(person), { challenge, credential })).toEqual(notTaken);
    const logIn = (await world.start(person.user)).challenge;
    expect(await addPasskey(await callOf(person), { challenge: logIn, credential })).toEqual(notTaken);
  });

  it("refuses a key that somebody has, whoever that is", async () => {
    const authenticator = createAuthenticator();
    await withPasskey({}, authenticator);
    const thief = await holder();
    const { challenge, options } = await started(thief);
    const credential = authenticator.make(options);
    expect(await addPasskey(await callOf(thief), { challenge, credential })).toEqual(notTaken);
  });

  it("of simultaneous additions by one challenge, at two processes, one is made", async () => {
    const person = await holder();
    const { challenge, options } = await started(person);
    const call = await callOf(person);
    const outcomes = await times(6, (index) =>
      addPasskey(
        { ...call, app: index % 2 ? there : world.app },
        { challenge, credential: createAuthenticator().make(options) },
      ),
    );
    expect(outcomes.filter(({ kind }) => kind === "added")).toHaveLength(1);
    expect(await userRow(world.db, person.user.id)).toMatchObject({ passkeys: 1 });
  });

  it("stops at twenty", async () => {
    const person = await withPasskey();
    const [row] = await world.db.select().from(passkeys).where(eq(passkeys.userId, person.user.id));
    if (!row) throw new Error("no passkey");
    const copies = Array.from({ length: 19 }, (_, index) => ({
      ...row,
      id: crypto.randomUUID(),
      credentialId: Buffer.from(`copy ${index}`),
    }));
    await world.db.insert(passkeys).values(copies);
    expect((await startPasskey(await callOf(person))).kind).toBe("invalid-fields");
  });

  it("is not to be had where the site is reached by an address", async () => {
    const { app } = await world.process({ APP_URL: "http://127.0.0.1:3000" });
    const person = await holder();
    expect(await startPasskey(await callOf(person, { app }))).toMatchObject({ code: "passkeys_unavailable" });
  });
});

describe("a passkey as the second step", () => {
  it("is offered first, with this person's keys alone", async () => {
    const person = await withPasskey();
    const outcome = await world.logIn(person.user);
    expect(outcome).toMatchObject({ challenge: { methods: ["passkey", "recovery_code"] } });
    const options = await asked(await begin(person.user));
    expect(options.allowCredentials).toEqual([
      { id: person.passkey.id, type: "public-key", transports: ["internal"] },
    ]);
  });

  it("logs in, without its owner being made sure of, and the session says so", async () => {
    const person = await withPasskey();
    const challenge = await begin(person.user);
    const credential = person.passkey.sign(await asked(challenge), { verified: false, userHandle: null });
    const outcome = await answer(challenge, credential);
    expect(outcome).toMatchObject({ kind: "logged-in", session: { amr: ["pwd", "hwk", "mfa"] } });
  });

  it.each([
    ["another origin", { origin: "https://evil.example" }],
    ["another site", { rpId: "evil.example" }],
    ["another person's handle", { userHandle: "AAAA" }],
    ["a counter that stands still", { counter: 1 }],
  ])("refuses %s, and spends a try", async (_, manner) => {
    const person = await withPasskey();
    const challenge = await begin(person.user);
    person.passkey.sign({ challenge: "spent" });
    const credential = person.passkey.sign(await asked(challenge), manner);
    expect(await answer(challenge, credential)).toEqual(wrong(4));
    expect(await userRow(world.db, person.user.id)).toMatchObject({ wrongCodes: 1 });
  });

  it("refuses another person's key, one that was removed, and a key that changed whether it may be synced", async () => {
    const [ada, lin] = [await withPasskey(), await withPasskey()];
    const challenge = await begin(ada.user);
    expect(await answer(challenge, lin.passkey.sign(await asked(challenge)))).toEqual(wrong(4));
    expect(await answer(challenge, ada.passkey.sign(await asked(challenge), { synced: true }))).toEqual(
      wrong(3),
    );
    await setUpTotp(await callOf(ada));
    await removePasskey(await callOf(ada), ada.passkey.passkeyId);
    const later = await begin(ada.user);
    const proof = { method: "passkey", credential: ada.passkey.sign({ challenge: "" }) } as const;
    const refused = await answerChallenge(world.call(), { challenge: later, proof, trustDevice: false });
    expect(refused).toMatchObject({ fields: { method: [expect.any(String)] } });
  });

  it("refuses what was signed before a wrong try, before a newer asking, or five minutes ago", async () => {
    const person = await withPasskey();
    const challenge = await begin(person.user);
    const first = person.passkey.sign(await asked(challenge));
    world.clock.advance(1);
    await asked(challenge);
    expect(await answer(challenge, first)).toEqual(wrong(4));
    const second = person.passkey.sign(await asked(challenge));
    world.clock.advance(FIVE_MINUTES);
    expect(await answer(challenge, second)).toEqual(wrong(3));
  });

  it("of simultaneous answers, at two processes, one gets in", async () => {
    const person = await withPasskey();
    const challenge = await begin(person.user);
    const credential = person.passkey.sign(await asked(challenge));
    const outcomes = await times(10, (index) => answer(challenge, credential, index % 2 ? there : world.app));
    expect(outcomes.filter(({ kind }) => kind === "logged-in")).toHaveLength(1);
  });

  it("is not asked for where there is none, nor for another session's step-up, nor by any other door", async () => {
    const user = await world.person();
    const { challenge } = await world.start(user);
    const none = { kind: "invalid-fields", fields: { challenge: [expect.any(String)] } };
    expect(await startPasskeyProof(world.call(), { secret: challenge, sessionId: null })).toEqual(none);
    const person = await withPasskey();
    const stepUp = await startStepUp(await callOf(person));
    const secret = stepUp.kind === "asked" ? stepUp.challenge.challenge : "";
    expect(await startPasskeyProof(world.call(), { secret, sessionId: null })).toEqual(codeRefused.challenge);
    const other = await openSession(world.app, person.user);
    const foreign = { secret, sessionId: other.session.id };
    expect(await startPasskeyProof(world.call(), foreign)).toEqual(codeRefused.challenge);
  });

  it("steps a session up", async () => {
    const person = await withPasskey();
    const stepUp = await startStepUp(await callOf(person));
    const secret = stepUp.kind === "asked" ? stepUp.challenge.challenge : "";
    const credential = person.passkey.sign(await asked(secret, person.session.id));
    const proof = { challenge: secret, proof: { method: "passkey", credential } } as const;
    expect((await stepUpWithProof(await callOf(person), proof)).kind).toBe("stepped-up");
  });

  it("challenges are all different, and 32 bytes", async () => {
    const person = await withPasskey();
    const challenge = await begin(person.user);
    const seen = new Set<string>();
    for (const _ of Array(50)) {
      world.clock.advance(1);
      seen.add((await asked(challenge)).challenge);
    }
    expect(seen.size).toBe(50);
    expect(
      await world.db.select().from(challenges).where(eq(challenges.userId, person.user.id)),
    ).not.toHaveLength(0);
  });
});

describe("one's passkeys", () => {
  it("are listed with their names, without keys or ids of credentials", async () => {
    const person = await withPasskey();
    const shown = await showTwoFactor(await callOf(person));
    expect(shown).toEqual({
      email: true,
      totp: false,
      passkeys: 1,
      recovery_codes_left: 10,
      required: false,
      passkeys_list: [
        {
          id: person.passkey.passkeyId,
          name: "Passkey",
          created_at: expect.any(String),
          last_used_at: null,
          synced: false,
          provider: null,
        },
      ],
    });
  });

  it("are renamed and removed by their owner alone", async () => {
    const [ada, thief] = [await withPasskey(), await withPasskey()];
    const { passkeyId: id } = ada.passkey;
    const named = { id, name: "Blue key" };
    expect(await namePasskey(await callOf(thief), named)).toMatchObject({ code: "not_found" });
    expect(await removePasskey(await callOf(thief), id)).toMatchObject({ code: "not_found" });
    expect(await namePasskey(await callOf(ada), named)).toMatchObject({ passkey: { name: "Blue key" } });
    expect(await removePasskey(await callOf(ada), "no-uuid")).toMatchObject({ code: "not_found" });
    expect(await removePasskey(await callOf(ada), id)).toEqual({ kind: "removed" });
    expect(await userRow(world.db, ada.user.id)).toMatchObject({ passkeys: 0, recoveryCodesLeft: 0 });
    expect(await subjectsTo(world.app, ada.user.email)).toContain("A passkey was removed");
  });
});
