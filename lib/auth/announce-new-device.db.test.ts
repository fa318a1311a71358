import { describe, expect, it } from "vitest";
import { lastTokenTo, mailsTo } from "@/lib/testing/mailbox.ts";
import { sessionsOf } from "@/lib/testing/records.ts";
import {
  breakInserts,
  challengesOf,
  createTwoStepWorld,
  entered,
  PHONE,
  THIEF,
} from "@/lib/testing/two-step.ts";
import { times } from "@/lib/testing/wire.ts";
import { LAPTOP } from "@/lib/testing/world.ts";

const SUBJECT = "New log-in to your account";

const world = createTwoStepWorld();

/** A person whose log-in asks for no code. */
const person = () => world.person({ twoFactorEmail: false });
const news = async (email: string) =>
  (await mailsTo(world.app, email)).filter(({ subject }) => subject === SUBJECT);

describe("the mail about a log-in from a device that is new", () => {
  it("isn't written for the first log-in ever, nor for the same kind of device again", async () => {
    const user = await person();
    entered(await world.logIn(user));
    entered(await world.logIn(user));
    const newer = { ip: "203.0.113.1", userAgent: LAPTOP.userAgent.replaceAll("140.0", "152.0") };
    entered(await world.logIn(user, { device: newer }));
    expect(await mailsTo(world.app, user.email)).toEqual([]);
    expect(await challengesOf(world.db, user.id)).toEqual([]);
  });

  it("is written once for each new kind, and says which, when, and how to say it wasn't me", async () => {
    const user = await person();
    entered(await world.logIn(user));
    entered(await world.logIn(user, { device: THIEF }));
    entered(await world.logIn(user, { device: THIEF }));
    const [mail, ...more] = await news(user.email);
    expect(more).toEqual([]);
    expect(mail?.text).toContain("Chrome on Windows");
    expect(mail?.text).toContain("2026");
    expect(mail?.text).toMatch(/^http:\/\/localhost:3000\/not-me\?token=[\w-]{43}$/m);
    expect(await challengesOf(world.db, user.id)).toEqual([
      expect.objectContaining({ purpose: "not-me", codeHash: null, consumedAt: null }),
    ]);
    const first = await lastTokenTo(world.app, user.email, "/not-me");
    world.clock.advance(1);
    entered(await world.logIn(user, { device: PHONE }));
    expect(await news(user.email)).toHaveLength(2);
    expect(await lastTokenTo(world.app, user.email, "/not-me")).not.toBe(first);
  });

  it("is written when a log-in is complete, not when it waits for its code", async () => {
    const user = await world.person();
    const here = await world.start(user);
    entered(await world.answer(here.challenge, here.code));
    const { challenge, code } = await world.start(user, { device: THIEF });
    expect(await news(user.email)).toEqual([]);
    entered(await world.answer(challenge, code, { device: THIEF }));
    expect(await news(user.email)).toHaveLength(1);
  });

  it("is one for twenty log-ins at one moment from one new kind, at two processes", async () => {
    const there = await world.process();
    const user = await person();
    entered(await world.logIn(user));
    await times(20, async (index) =>
      entered(await world.logIn(user, { device: THIEF, app: index % 2 ? there.app : world.app })),
    );
    expect(await news(user.email)).toHaveLength(1);
  });

  it("goes to the person it is about: what others use makes nothing known to them", async () => {
    const [user, other] = [await person(), await person()];
    entered(await world.logIn(user, { device: THIEF }));
    entered(await world.logIn(other));
    expect(await news(other.email)).toEqual([]);
    entered(await world.logIn(other, { device: THIEF }));
    expect(await news(other.email)).toHaveLength(1);
    expect(await news(user.email)).toEqual([]);
  });

  it("is written together with the session or not at all, and the device stays new until it is", async () => {
    const user = await person();
    entered(await world.logIn(user));
    const mend = await breakInserts(world.db, "outbox");
    await expect(world.logIn(user, { device: THIEF })).rejects.toThrow();
    await mend();
    expect(await sessionsOf(world.db, user.id)).toHaveLength(1);
    entered(await world.logIn(user, { device: THIEF }));
    expect(await news(user.email)).toHaveLength(1);
  });
});
