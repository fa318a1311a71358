import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { noteDevice } from "@/db/queries/known-devices.ts";
import type { User } from "@/db/queries/users.ts";
import { knownDevices } from "@/db/schema.ts";
import type { App } from "@/lib/app/app.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
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
import { announceNewDevice } from "./announce-new-device.ts";

const SUBJECT = "New log-in to your account";

const world = createTwoStepWorld();

/** A person whose log-in asks for no code. */
const person = () => world.person({ twoFactorEmail: false });
/** Tells of a log-in from a kind of device of this number: a browser and a system that few have together. */
async function noteFrom(app: App, user: User, kind: number) {
  const browsers = ["", " Edg/140.0.0.0", " OPR/120.0.0.0", " Vivaldi/7.0"];
  const systems = [
    "Windows NT 10.0",
    "Macintosh; Intel Mac OS X 10_15_7",
    "Linux; Android 15",
    "X11; Linux x86_64",
  ];
  const engine = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
  const userAgent = `Mozilla/5.0 (${systems[kind >> 2]}) ${engine}${browsers[kind % 4]}`;
  await announceNewDevice(world.db, world.call({ app, device: { ip: "192.0.2.9", userAgent } }), user);
}
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

  it("is written ten times an hour at most; later log-ins are on record, without a link in any mailbox", async () => {
    const limited = (await world.process({ RATE_LIMITS: "on" })).app;
    const user = await person();
    entered(await world.logIn(user));
    for (let kind = 0; kind < 12; kind += 1) {
      await noteFrom(limited, user, kind);
    }
    expect(await news(user.email)).toHaveLength(10);
    expect(await challengesOf(world.db, user.id)).toHaveLength(10);
    world.clock.advance(6 * 60);
    await noteFrom(limited, user, 12);
    expect(await news(user.email)).toHaveLength(11);
  });

  it("is about kinds that are kept, and a person's newest hundred are", async () => {
    const user = await person();
    const at = world.clock.now();
    for (let kind = 0; kind < 130; kind += 1) {
      await noteDevice(world.db, user.id, `kind ${kind}`, secondsAfter(at, kind));
    }
    const kept = await world.db.select().from(knownDevices).where(eq(knownDevices.userId, user.id));
    expect(kept).toHaveLength(100);
    expect(kept.map(({ family }) => family)).toContain("kind 129");
    expect(kept.map(({ family }) => family)).not.toContain("kind 29");
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
