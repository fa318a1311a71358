import type { App } from "@/lib/app/app.ts";
import { secondsAfter, systemClock } from "@/lib/base/clock.ts";
import { createPasswordHasher } from "@/lib/passwords/hash.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";

export const PASSWORD = "correct horse battery";

/** A session in the table and the tokens that its holder has. */
export type Holder = { id: string; userId: string; access: string; refresh: string };

/** Adds people who can log in with `PASSWORD`; their addresses are `<prefix>-1@example.com` and so on. */
export async function addPeople({ db }: App, prefix: string, count: number): Promise<void> {
  const hashed = await createPasswordHasher().hash(PASSWORD);
  if (hashed.kind !== "hashed") throw new Error("a fresh hasher cannot be busy");
  await db.$client`
    insert into users (id, email, name, name_start, role, password_hash, email_verified_at, two_factor_email,
      created_at)
    select gen_random_uuid(), ${prefix}::text || '-' || i || '@example.com', 'Person ' || i, 'person ' || i,
      'user',
      ${hashed.passwordHash}, now(), false, now()
    from generate_series(1, ${count}::int) as i`;
}

/** Gives each person of `prefix` that many live sessions, in no order that an index could profit from. */
export async function addSessions({ db }: App, prefix: string, each: number): Promise<void> {
  await db.$client.begin(async (sql) => {
    await sql`set local statement_timeout = 0`;
    await sql`
      insert into sessions (id, user_id, rotated_at, created_at, authenticated_at, last_seen_at, idle_expires_at,
        expires_at, amr, ip, user_agent)
      select gen_random_uuid(), users.id, now(), now(), now(), now(), now() + interval '3 days',
        now() + interval '30 days', '{pwd}', '127.0.0.1', repeat('x', 70)
      from generate_series(1, ${each}::int), users
      where users.email like ${prefix}::text || '-%'`;
  });
}

/** Brings statistics, visibility map and disk to rest after the table was filled. */
export async function settle({ db }: App): Promise<void> {
  await db.$client`set statement_timeout = 0`;
  await db.$client`vacuum (analyze) users`;
  await db.$client`vacuum (analyze) sessions`;
  await db.$client`checkpoint`.catch(() => {});
}

/** Holders of `count` live sessions of `prefix`, from all over the table and its indexes, with tokens as the app signs them. */
export async function pickHolders(app: App, prefix: string, count: number): Promise<Holder[]> {
  const rows = await app.db.$client<{ id: string; userId: string }[]>`
    select sessions.id, user_id as "userId" from sessions join users on users.id = user_id
    where email like ${prefix}::text || '-%' and revoked_at is null order by md5(sessions.id::text) limit ${count}`;
  return Promise.all(rows.map((row) => hold(app, row)));
}

async function hold(app: App, { id, userId }: { id: string; userId: string }): Promise<Holder> {
  const now = systemClock.now();
  const session = {
    id,
    userId,
    generation: 1,
    amr: ["pwd"],
    rotatedAt: now,
    authenticatedAt: now,
    applicationId: null,
  };
  const { keys, policy } = app.tokens;
  const end = secondsAfter(now, 24 * 60 * 60);
  const tokens = await signTokenPair(keys, { ...session, idleExpiresAt: end, expiresAt: end }, policy);
  return { id, userId, ...tokens };
}
