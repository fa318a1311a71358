import { beforeAll, describe, expect, it } from "vitest";
import type { App } from "@/lib/app/app.ts";
import { logOut } from "@/lib/auth/sessions/log-out.ts";
import { mailsTo } from "@/lib/testing/mailbox.ts";
import { endingsOf, sessionRow } from "@/lib/testing/records.ts";
import { breakInserts, createTwoStepWorld, PHONE, THIEF } from "@/lib/testing/two-step.ts";
import { openSession, refused, times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";
import { blacklistToken } from "./blacklist-token.ts";
import { refreshSession } from "./refresh-session.ts";

const SUBJECT = "We logged a device out to protect you";
const reused = refused.blacklisted("token_reused");

const world = createTwoStepWorld();
let there: App;
beforeAll(async () => {
  there = (await world.process()).app;
});

const refresh = (token: string, device = LAPTOP, app = world.app) =>
  refreshSession(world.call({ app }), { token, delivery: "json", retryKey: null, device });

/** A person who has refreshed once, and the token they spent. */
async function rotated() {
  const user = await world.person();
  const { session, tokens } = await openSession(world.app, user);
  expect(await refresh(tokens.refresh)).toMatchObject({ kind: "refreshed" });
  return { user, session, spent: tokens.refresh };
}

describe("the mail about a used token that came back", () => {
  it("is one, and says from what device, when, and where to look", async () => {
    const { user, spent } = await rotated();
    expect(await refresh(spent, THIEF)).toEqual(reused);
    const [mail, ...more] = await mailsTo(world.app, user.email);
    expect(more).toEqual([]);
    expect(mail?.subject).toBe(SUBJECT);
    expect(mail?.text).toContain("Chrome on Windows");
    expect(mail?.text).toMatch(/^http:\/\/localhost:3000\/account\/sessions$/m);
    expect(mail?.text).not.toContain(spent);
  });

  it("is one for fifty replays at one moment, at two processes, and none for those after", async () => {
    const { user, session, spent } = await rotated();
    const outcomes = await times(50, (index) => refresh(spent, THIEF, index % 2 ? there : world.app));
    expect(outcomes).toEqual(Array(50).fill(reused));
    for (let turn = 0; turn < 5; turn += 1) expect(await refresh(spent, THIEF)).toEqual(reused);
    expect(await blacklistToken(world.call({ device: THIEF }), spent)).toEqual(reused);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
    expect(await endingsOf(world.db, user.id)).toEqual([
      { type: "refresh_token.reused", sessionId: session.id, reason: "token_reused" },
    ]);
  });

  it("is one for each session it happened to, and none for sessions it did not", async () => {
    const { user, spent } = await rotated();
    const phone = await openSession(world.app, user, PHONE);
    const before = (await mailsTo(world.app, user.email)).length;
    await refresh(phone.tokens.refresh, PHONE);
    await refresh(spent, THIEF);
    expect(await mailsTo(world.app, user.email)).toHaveLength(before + 1);
    expect(await sessionRow(world.db, phone.session.id)).toMatchObject({ revokedAt: null });
    await refresh(phone.tokens.refresh, THIEF);
    expect(await mailsTo(world.app, user.email)).toHaveLength(before + 2);
  });

  it("isn't written for a token of a session that was over already", async () => {
    const { user, session, tokens } = await openSession(world.app, await world.person());
    await refresh(tokens.refresh);
    await logOut(world.call(), { access: tokens.access, refresh: null });
    expect(await refresh(tokens.refresh, THIEF)).toEqual(refused.blacklisted("logged_out"));
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedReason: "logged_out" });
    expect(await mailsTo(world.app, user.email)).toEqual([]);
  });

  it("is written with the end of the session or not at all: a later replay makes up for it", async () => {
    const { user, session, spent } = await rotated();
    const mend = await breakInserts(world.db, "outbox");
    await expect(refresh(spent, THIEF)).rejects.toThrow();
    await mend();
    expect(await sessionRow(world.db, session.id)).toMatchObject({ revokedAt: null });
    expect(await refresh(spent, THIEF)).toEqual(reused);
    expect(await mailsTo(world.app, user.email)).toHaveLength(1);
  });
});
