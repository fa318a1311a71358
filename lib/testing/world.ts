import { afterAll, beforeAll, inject } from "vitest";
import { type Connection, type Database, openDatabase } from "@/db/client.ts";
import type { User } from "@/db/queries/users.ts";
import { watchLog } from "@/db/watch-log.ts";
import { type App, createApp } from "@/lib/app/app.ts";
import type { Call } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import { logIn } from "@/lib/auth/log-in/log-in.ts";
import { createUser, type NewUser } from "@/lib/auth/registration/create-user.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { type Clock, instant, secondsAfter } from "@/lib/base/clock.ts";
import { randomUUID } from "@/lib/base/crypto.ts";
import { parseSettings, type Settings } from "@/lib/settings/env.ts";
import { createDatabase } from "./databases.ts";

export const PASSWORD = "correct horse battery";
export const SECRET = "a secret that only these tests use, long enough";
export const LAPTOP: Device = {
  ip: "192.0.2.7",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
};

/** A clock that stands still until a test moves it. */
type TestClock = Clock & { advance(seconds: number): void };

function createTestClock(start = "2026-03-01T12:00:00.000Z"): TestClock {
  let now = instant(start);
  return {
    now: () => now,
    advance(seconds) {
      now = secondsAfter(now, seconds);
    },
  };
}

/** The settings that these variables give. Throws where they would stop a start. */
export function settingsFrom(variables: Record<string, string> = {}): Settings {
  const parsed = parseSettings(variables);
  if (parsed.kind === "faulty") throw new Error(parsed.faults.join("\n"));
  return parsed.settings;
}

/** An app on a database of its own, with a clock to move. */
export type World = {
  app: App;
  db: Database;
  clock: TestClock;
  connection: Connection;
  /** A call from the laptop at this moment, unless told otherwise. */
  call<Given extends Partial<LoggedInCall>>(given?: Given): Call & Given;
  /** The same database and clock under other settings, as another process would have it. */
  with(variables: Record<string, string>): Promise<App>;
  /** A person whose address is proven, without a second step unless asked. */
  person(facts?: Partial<NewUser>): Promise<User>;
  /** Logs a person in with `PASSWORD` and returns what they hold. */
  session(user: User, device?: Device): ReturnType<typeof enter>;
};

/** Gives a test file its world: made before its tests, gone after them. */
export function createWorld(variables: Record<string, string> = {}): World {
  const world = {} as World;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const database = await createDatabase(inject("server"));
    const { db, close } = openDatabase(database.connection, { maxConnections: 20, prepare: true });
    const revocationLog = watchLog(database.connection, { listens: true });
    closers.push(revocationLog.close, close, database.drop);
    const clock = createTestClock();
    const open = (given: Record<string, string>) =>
      createApp(settingsFrom({ RATE_LIMITS: "off", ...given }), SECRET, { db, clock, revocationLog });
    const app = await open(variables);
    Object.assign(world, {
      app,
      db,
      clock,
      connection: database.connection,
      call: (given?: Partial<LoggedInCall>) => ({ app, device: LAPTOP, now: clock.now(), ...given }),
      with: open,
      person: (facts: Partial<NewUser> = {}) => makePerson(app, facts),
      session: (user: User, device = LAPTOP) => enter(app, user, device),
    });
  });
  afterAll(async () => {
    for (const close of closers) await close();
  });
  return world;
}

async function makePerson(app: App, facts: Partial<NewUser>): Promise<User> {
  const email = `${randomUUID().slice(0, 8)}@example.com`;
  const made = await createUser(
    { app, now: app.clock.now() },
    { email, password: PASSWORD, twoFactorEmail: false, ...facts },
  );
  if (made.kind !== "created") throw new Error(`no person was made: ${JSON.stringify(made)}`);
  return made.user;
}

async function enter(app: App, user: User, device: Device) {
  const entered = await logIn(
    { app, device, now: app.clock.now() },
    { email: user.email, password: PASSWORD },
  );
  if (entered.kind !== "logged-in") throw new Error(`log-in failed: ${JSON.stringify(entered)}`);
  return entered;
}
