import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { challenges } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { deactivateUser } from "@/lib/auth/account/deactivate-user.ts";
import { removePasskey } from "@/lib/auth/factors/remove-passkey.ts";
import type { SignedCredential } from "@/lib/contract/passkeys.ts";
import { createAuthenticator } from "@/lib/testing/authenticator.ts";
import { factorSteps } from "@/lib/testing/factors.ts";
import { eventsOf, sessionsOf, userRow } from "@/lib/testing/records.ts";
import { createTwoStepWorld, THIEF } from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { logInWithPasskey } from "./log-in-with-passkey.ts";
import { startPasskeyLogIn } from "./start-passkey-log-in.ts";

const world = createTwoStepWorld();
const { callOf, withPasskey, begin } = factorSteps(world);
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});
const refused = { kind: "failure", code: "passkey_not_valid" };

async function started(app = world.app) {
  const outcome = await startPasskeyLogIn(world.call({ app }));
  if (outcome.kind !== "started") throw new Error(JSON.stringify(outcome));
  return outcome;
}
const enter = (challenge: string, credential: SignedCredential, app = world.app) =>
  logInWithPasskey(world.call({ app }), { challenge, credential });

describe("logging in with a passkey alone", () => {
  it("asks for any key, with its owner made sure of, and so tells of nobody", async () => {
    const { options, expiresInSeconds } = await started();
    expect(expiresInSeconds).toBe(300);
    expect(options).toMatchObject({ rpId: "localhost", userVerification: "required" });
    expect(options.allowCredentials).toBeUndefined();
  });

  it.each([
    [true, ["swk", "user", "mfa"]],
    [false, ["hwk", "user", "mfa"]],
  ])("opens a session that says what was proven (synced: %s)", async (synced, amr) => {
    const person = await withPasskey({}, createAuthenticator({ synced }));
    const { challenge, options } = await started();
    const outcome = await enter(challenge, person.passkey.sign(options));
    expect(outcome).toMatchObject({ kind: "logged-in", user: { id: person.user.id }, session: { amr } });
  });

  it("takes a key whose counter is always nought, however often", async () => {
    const person = await withPasskey({}, createAuthenticator({ counter: 0 }));
    for (const _ of Array(2)) {
      const { challenge, options } = await started();
      expect((await enter(challenge, person.passkey.sign(options))).kind).toBe("logged-in");
    }
  });

  it.each([
    ["a tap without its owner", { verified: false }],
    ["another origin", { origin: "https://evil.example" }],
    ["another site", { rpId: "evil.example" }],
    ["another person's handle", { userHandle: "AAAA" }],
    ["no handle", { userHandle: null }],
    ["a counter that went back", { counter: 0 }],
  ])("refuses %s, and the challenge is used up", async (_, manner) => {
    const person = await withPasskey();
    const { challenge, options } = await started();
    expect(await enter(challenge, person.passkey.sign(options, manner))).toEqual(refused);
    expect(await enter(challenge, person.passkey.sign(options))).toEqual(refused);
    expect(await sessionsOf(world.db, person.user.id)).toHaveLength(1);
    expect(await userRow(world.db, person.user.id)).toMatchObject({ wrongCodes: 0 });
  });

  it("refuses an unknown key, a removed one, an inactive person and a challenge that was answered, all alike", async () => {
    const unknown = await started();
    const nobody = createAuthenticator();
    expect(await enter(unknown.challenge, nobody.sign(unknown.options, { userHandle: "AAAA" }))).toEqual(
      refused,
    );

    const ada = await withPasskey();
    await removePasskey(await callOf(ada), ada.passkey.passkeyId);
    const removed = await started();
    expect(await enter(removed.challenge, ada.passkey.sign(removed.options))).toEqual(refused);

    const lin = await withPasskey();
    await deactivateUser(world.call(), { userId: lin.user.id });
    const inactive = await started();
    expect(await enter(inactive.challenge, lin.passkey.sign(inactive.options))).toEqual(refused);

    const sam = await withPasskey();
    const used = await started();
    expect((await enter(used.challenge, sam.passkey.sign(used.options))).kind).toBe("logged-in");
    expect(await enter(used.challenge, sam.passkey.sign(used.options))).toEqual(refused);
  });

  it("refuses a challenge after five minutes, and one of a log-in by password", async () => {
    const person = await withPasskey();
    const { challenge, options } = await started();
    const second = await begin(person.user);
    expect(await enter(second, person.passkey.sign(options))).toEqual(refused);
    world.clock.advance(300);
    expect(await enter(challenge, person.passkey.sign(options))).toEqual(refused);
  });

  it("of simultaneous uses of one answer, at two processes, one gets in", async () => {
    const person = await withPasskey();
    const { challenge, options } = await started();
    const credential = person.passkey.sign(options);
    const outcomes = await times(10, (index) => enter(challenge, credential, index % 2 ? there : world.app));
    expect(outcomes.filter(({ kind }) => kind === "logged-in")).toHaveLength(1);
  });

  it("puts a refusal on record at the account whose key was tried", async () => {
    const person = await withPasskey();
    const { challenge, options } = await started();
    await enter(challenge, person.passkey.sign(options, { verified: false }));
    const types = (await eventsOf(world.db, person.user.id)).map(({ type }) => type);
    expect(types).toContain("login.failed");
  });

  it("is limited per client, so that no stranger locks anybody out", async () => {
    const { app } = await world.process({ RATE_LIMITS: "on" });
    const tries = await times(121, () => startPasskeyLogIn(world.call({ app, device: THIEF })));
    expect(tries.filter(({ kind }) => kind === "started")).toHaveLength(120);
    expect((await startPasskeyLogIn(world.call({ app, device: LAPTOP }))).kind).toBe("started");
  });

  it("keeps no person in its challenge", async () => {
    await started();
    const rows = await world.db.select().from(challenges).where(eq(challenges.purpose, "passkey-log-in"));
    expect(new Set(rows.map(({ userId, email }) => userId ?? email))).toEqual(new Set([null]));
  });
});
