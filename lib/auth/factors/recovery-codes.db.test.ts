import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { recoveryCodes } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { answerChallenge } from "@/lib/auth/log-in/answer-challenge.ts";
import { factorSteps } from "@/lib/testing/factors.ts";
import { mailsTo, subjectsTo } from "@/lib/testing/mailbox.ts";
import { eventsOf, userRow } from "@/lib/testing/records.ts";
import { codeRefused, createTwoStepWorld } from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";
import { replaceRecoveryCodes } from "./replace-recovery-codes.ts";

const world = createTwoStepWorld();
const { callOf, holder, withTotp, begin, byMethod } = factorSteps(world);
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});
const use = (challenge: string, code: string, app = world.app) =>
  answerChallenge(world.call({ app }), byMethod(challenge, "recovery_code", code));

describe("a recovery code", () => {
  it("is sixteen characters in groups of four, ten of them, all different, kept only as hashes", async () => {
    const { user, totp } = await withTotp();
    for (const code of totp.recoveryCodes)
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(totp.recoveryCodes).size).toBe(10);
    const rows = await world.db.select().from(recoveryCodes).where(eq(recoveryCodes.userId, user.id));
    expect(rows.map(({ codeHash }) => codeHash.length)).toEqual(Array(10).fill(32));
  });

  it.each([
    ["as shown", (code: string) => code],
    ["in small letters", (code: string) => code.toLowerCase()],
    ["without dashes", (code: string) => code.replaceAll("-", "")],
    ["with spaces", (code: string) => ` ${code.replaceAll("-", " ")}\n`],
    [
      "with letters for the digits they look like",
      (code: string) => code.replaceAll("0", "o").replaceAll("1", "l"),
    ],
  ])("logs in %s", async (_, typed) => {
    const { user, totp } = await withTotp();
    const outcome = await use(await begin(user), typed(totp.recoveryCodes[3] ?? ""));
    expect(outcome).toMatchObject({ kind: "logged-in", session: { amr: ["pwd", "recovery", "mfa"] } });
  });

  it.each([
    "",
    "ABCD",
    "UUUU-UUUU-UUUU-UUUU",
    "0000-0000-0000-000",
    "123456",
  ])("%j is none, which is said beside the field and spends no try", async (code) => {
    const { user } = await withTotp();
    const challenge = await begin(user);
    expect(await use(challenge, code)).toEqual({
      kind: "invalid-fields",
      fields: { code: ["Enter the sixteen letters and digits of a recovery code."] },
    });
    expect(await use(challenge, "0000-0000-0000-0000")).toEqual(codeRefused.wrong(4));
  });

  it("works once, and the person is told how many are left", async () => {
    const { user, totp } = await withTotp();
    const code = totp.recoveryCodes[0] ?? "";
    expect((await use(await begin(user), code)).kind).toBe("logged-in");
    expect(await use(await begin(user), code)).toEqual(codeRefused.wrong(4));
    expect(await userRow(world.db, user.id)).toMatchObject({ recoveryCodesLeft: 9 });
    const mail = (await mailsTo(world.app, user.email)).find(
      ({ subject }) => subject === "A recovery code was used",
    );
    expect(mail?.text).toContain("9 codes left");
    const used = { type: "recovery_code.used", data: { left: 9 } };
    expect(await eventsOf(world.db, user.id)).toContainEqual(expect.objectContaining(used));
  });

  it("of another person is worth nothing", async () => {
    const [ada, lin] = [await withTotp(), await withTotp()];
    expect(await use(await begin(lin.user), ada.totp.recoveryCodes[0] ?? "")).toEqual(codeRefused.wrong(4));
  });

  it("of simultaneous uses over challenges and processes one gets in", async () => {
    const { user, totp } = await withTotp();
    const challenges = [await begin(user), await begin(user)];
    const outcomes = await times(6, (index) =>
      use(challenges[index % 2] ?? "", totp.recoveryCodes[5] ?? "", index % 2 ? there : world.app),
    );
    expect(outcomes.filter(({ kind }) => kind === "logged-in")).toHaveLength(1);
  });

  it("is no method any more once all are spent", async () => {
    const { user, totp } = await withTotp();
    for (const code of totp.recoveryCodes) await use(await begin(user), code);
    expect(await world.logIn(user)).toMatchObject({ challenge: { methods: ["totp"] } });
  });
});

describe("a new set", () => {
  it("voids the old one, and is mailed and on record", async () => {
    const person = await withTotp();
    const replaced = await replaceRecoveryCodes(await callOf(person));
    if (replaced.kind !== "replaced") throw new Error(JSON.stringify(replaced));
    const challenge = await begin(person.user);
    expect(await use(challenge, person.totp.recoveryCodes[0] ?? "")).toEqual(codeRefused.wrong(4));
    expect((await use(challenge, replaced.recoveryCodes[0] ?? "")).kind).toBe("logged-in");
    expect(await subjectsTo(world.app, person.user.email)).toContain("New recovery codes were made");
  });

  it("is not to be had without a strong factor", async () => {
    expect(await replaceRecoveryCodes(await callOf(await holder()))).toMatchObject({
      code: "no_strong_factor",
    });
  });
});
