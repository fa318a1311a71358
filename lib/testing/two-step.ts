import { sql } from "drizzle-orm";
import { afterAll, beforeAll } from "vitest";
import { type Database, openDatabase } from "@/db/client.ts";
import type { User } from "@/db/queries/users.ts";
import { challenges, trustedDevices } from "@/db/schema.ts";
import { type App, createApp } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { answerChallenge } from "@/lib/auth/log-in/answer-challenge.ts";
import { logIn } from "@/lib/auth/log-in/log-in.ts";
import type { LoggedInCall } from "@/lib/auth/sessions/principal.ts";
import { sha256 } from "@/lib/base/crypto.ts";
import type { PasswordHasher } from "@/lib/passwords/hash.ts";
import { lastCodeTo } from "./mailbox.ts";
import { insertPerson } from "./records.ts";
import { createWorld, LAPTOP, PASSWORD, SECRET, settingsFrom, type World } from "./world.ts";

export const PHONE: Device = {
  ip: "2001:db8::5",
  userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
};
export const THIEF: Device = {
  ip: "203.0.113.66",
  userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
};

const quickHash = (password: string) =>
  `$argon2id$v=19$m=19456,t=2,p=1$${sha256(password).toString("base64url")}`;

/** Hashing that costs nothing, for tests that are not about it: their people are many. */
export const quickPasswords: PasswordHasher = {
  hash: async (password) => ({ kind: "hashed", passwordHash: quickHash(password) }),
  verify: async (password, passwordHash) => ({
    kind: passwordHash === quickHash(password) ? "match" : "mismatch",
  }),
};

/** What a log-in by another route than `logIn` needs to know. */
type Entering = { app?: App; device?: Device; deviceToken?: string; password?: string };

export type TwoStepWorld = Pick<World, "app" | "db" | "clock" | "connection" | "call"> & {
  /** A person with `PASSWORD` whose log-in asks for a code. */
  person(columns?: Partial<User>): Promise<User>;
  /** Another process: its own pool on the same database, under other settings if given. */
  process(variables?: Record<string, string>, maxConnections?: number): Promise<Process>;
  logIn(user: Pick<User, "email">, entering?: Entering): ReturnType<typeof logIn>;
  /** The first step of a log-in, a second after whatever came before, and the code from its mail. */
  start(user: User, entering?: Entering): Promise<Started>;
  answer(challenge: string, code: string, answering?: Answering): ReturnType<typeof answerChallenge>;
};
type Process = { app: App; close(): Promise<void> };
export type Started = { challenge: string; code: string };
type Answering = { app?: App; device?: Device; trustDevice?: boolean };

/** A world in which hashing costs nothing, with both steps of a log-in. */
export function createTwoStepWorld(variables: Record<string, string> = {}): TwoStepWorld {
  const world = createWorld(variables);
  const steps = {} as TwoStepWorld;
  const processes: Process[] = [];
  beforeAll(() => {
    const app = { ...world.app, passwords: quickPasswords };
    const { db, clock, connection } = world;
    Object.assign(steps, {
      app,
      db,
      clock,
      connection,
      call: (given?: Partial<LoggedInCall>) => world.call({ app, ...given }),
    });
  });
  afterAll(async () => {
    for (const { close } of processes) await close();
  });
  return Object.assign(steps, {
    person: (columns: Partial<User> = {}) =>
      insertPerson(steps.db, { passwordHash: quickHash(PASSWORD), twoFactorEmail: true, ...columns }),
    async process(given: Record<string, string> = {}, maxConnections = 10) {
      const { db, close } = openDatabase(steps.connection, { maxConnections, prepare: true });
      const settings = settingsFrom({ RATE_LIMITS: "off", ...variables, ...given });
      const app = await createApp(settings, SECRET, { db, clock: steps.clock, passwords: quickPasswords });
      processes.push({ app, close });
      return { app, close };
    },
    logIn(
      { email }: Pick<User, "email">,
      { app = steps.app, device = LAPTOP, password = PASSWORD, deviceToken }: Entering = {},
    ) {
      return logIn({ app, device, now: steps.clock.now() }, { email, password, deviceToken });
    },
    async start(user: User, entering: Entering = {}) {
      steps.clock.advance(1);
      const challenge = challengeOf(await steps.logIn(user, entering));
      return { challenge, code: await lastCodeTo(steps.app, user.email) };
    },
    answer(
      challenge: string,
      code: string,
      { app = steps.app, device = LAPTOP, trustDevice = false }: Answering = {},
    ) {
      const answer = { ...asTyped({ challenge, code }), trustDevice };
      return answerChallenge({ app, device, now: steps.clock.now() }, answer);
    },
  });
}

/** An answer by a code whose kind is left to the server. */
export function asTyped({ challenge, code }: Started) {
  return { challenge, proof: { method: null, code } };
}

/** The challenge that a right password brought. Throws where it brought anything else. */
export function challengeOf(outcome: Awaited<ReturnType<typeof logIn>>): string {
  if (outcome.kind === "two-factor-required") return outcome.challenge.challenge;
  throw new Error(`no code was asked for: ${JSON.stringify(outcome)}`);
}

/** What somebody holds who is in. Throws where they are not. */
export function entered(outcome: Awaited<ReturnType<typeof answerChallenge | typeof logIn>>) {
  if (outcome.kind !== "logged-in") throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Six digits, and not those of `code`: another one for every `step` from 1 to 999,999. */
export function notThe(code: string, step = 1): string {
  return String((Number(code) + step) % 1_000_000).padStart(6, "0");
}

/** The refusals of the contract, written out. */
export const codeRefused = {
  challenge: { kind: "failure", code: "challenge_not_valid" },
  wrong: (attemptsLeft: number) => ({
    kind: "failure",
    code: "code_not_valid",
    extra: { attempts_left: attemptsLeft },
  }),
  notSixDigits: { kind: "invalid-fields", fields: { code: ["Enter the six digits from the e-mail."] } },
  throttled: (seconds: number) => ({
    kind: "failure",
    code: "throttled",
    detail: `Request was throttled. Expected available in ${seconds} seconds.`,
    retryAfterSeconds: seconds,
  }),
};

/** Every challenge of a person, ended or not, oldest first. */
export function challengesOf(db: Database, userId: string) {
  return db
    .select()
    .from(challenges)
    .where(sql`${challenges.userId} = ${userId}`)
    .orderBy(challenges.createdAt, challenges.id);
}

/** Every trusted device of a person, oldest first. */
export function trustedDevicesOf(db: Database, userId: string) {
  return db
    .select()
    .from(trustedDevices)
    .where(sql`${trustedDevices.userId} = ${userId}`)
    .orderBy(trustedDevices.createdAt, trustedDevices.id);
}

/** Makes PostgreSQL fail at every insert into a table, until the function it returns is called. */
export async function breakInserts(db: Database, table: "sessions" | "outbox" | "challenges") {
  await db.execute(
    sql.raw(
      `create or replace function broken() returns trigger language plpgsql as
       $$ begin raise exception 'this table is broken'; end $$`,
    ),
  );
  await db.execute(
    sql.raw(`create trigger broken before insert on ${table} for each row execute function broken()`),
  );
  return () => db.execute(sql.raw(`drop trigger broken on ${table}`));
}
