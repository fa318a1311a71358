import { isIP } from "node:net";
import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Database, Executor } from "../client.ts";
import { isUuid } from "../is-uuid.ts";
import { prepared } from "../prepared.ts";
import { sessions, users } from "../schema.ts";
import { shareTrips } from "../shared-trips/share-trips.ts";

export type Rotation = {
  id: string;
  /** Whose session the token says it is. */
  userId: string;
  generation: number;
  now: Date;
  /** Sessions that ended at or before this instant are not rotated; `now` less the leeway. */
  notBefore: Date;
  idleExpiresAt: Date;
  retryKeyHash: Buffer | null;
  /** Refreshes since this instant count as following each other. */
  spentAfter: Date;
  delivery: "json" | "cookie";
  ip: string | null;
  userAgent: string;
  location: string | null;
};

/** The columns a token is made from. */
const rotatedColumns = {
  id: sessions.id,
  userId: sessions.userId,
  generation: sessions.generation,
  rotatedAt: sessions.rotatedAt,
  authenticatedAt: sessions.authenticatedAt,
  idleExpiresAt: sessions.idleExpiresAt,
  expiresAt: sessions.expiresAt,
  amr: sessions.amr,
  applicationId: sessions.applicationId,
  scope: sessions.scope,
};
export type RotatedSession = Pick<typeof sessions.$inferSelect, keyof typeof rotatedColumns>;

/**
 * Rotates a live session of an active person from `generation` to the next. Guarantee: of any number of
 * simultaneous calls for one generation, on any number of processes, at most one gets the row.
 *
 * Calls of one moment share a round trip, each session once in it, and this trip passes by rows that somebody else
 * holds. What it does not return is asked for again alone, and then waits for its row, in nobody's way.
 */
export async function rotateSession(db: Database, rotation: Rotation): Promise<RotatedSession | undefined> {
  const rotated = isShareable(rotation) ? await rotateTogether(db)(rotation) : undefined;
  return rotated ?? rotateAlone(db, rotation);
}

/** The same with a statement of its own. */
export async function rotateAlone(db: Database, rotation: Rotation): Promise<RotatedSession | undefined> {
  const [row] = await aloneStatement(db).execute(toParameters(rotation));
  return row;
}

/** Whether PostgreSQL can read every value: one that it refuses would spoil the trip of others. */
function isShareable({ id, userId, generation, ip, userAgent, location }: Rotation): boolean {
  return (
    isUuid(id) &&
    isUuid(userId) &&
    generation > 0 &&
    generation < 2 ** 31 - 1 &&
    (ip === null || (isIP(ip) > 0 && !ip.includes("%"))) &&
    [userAgent, location ?? ""].every((text) => text.isWellFormed() && !text.includes("\0"))
  );
}

const rotateTogether = prepared((db) =>
  shareTrips({
    apart: ({ id }: Rotation) => id.toLowerCase(),
    send: async (rotations: Rotation[]) => {
      const rows = await rotateUnheld(db, rotations);
      const rotated = new Map(rows.map((row) => [row.id, row]));
      return rotations.map(({ id }) => rotated.get(id.toLowerCase()));
    },
  }),
);

function rotateUnheld(db: Executor, rotations: Rotation[]): Promise<RotatedSession[]> {
  const [only, ...more] = rotations;
  return only && more.length === 0
    ? unheldStatement(db).execute(toParameters(only))
    : unheldStatements(db).execute({ asked: toJson(rotations) });
}

function toParameters(rotation: Rotation) {
  const { now, notBefore, spentAfter, idleExpiresAt } = rotation;
  return {
    ...rotation,
    now: now.toISOString(),
    notBefore: notBefore.toISOString(),
    spentAfter: spentAfter.toISOString(),
    idleExpiresAt: idleExpiresAt.toISOString(),
  };
}

function toJson(rotations: Rotation[]): string {
  return JSON.stringify(
    rotations.map((rotation) => ({
      ...rotation,
      retryKeyHash: rotation.retryKeyHash && `\\x${rotation.retryKeyHash.toString("hex")}`,
    })),
  );
}

/** Where a statement finds a value of the rotation that is asked for. */
type Asked = (name: keyof Rotation) => SQL;

/** What a rotation changes. */
function rotatedBy(asked: Asked) {
  const followsAnother = sql`${sessions.spentAt} > ${asked("spentAfter")}`;
  return {
    generation: sql`${sessions.generation} + 1`,
    rotatedAt: asked("now"),
    lastSeenAt: asked("now"),
    idleExpiresAt: sql`least(${asked("idleExpiresAt")}, ${sessions.expiresAt})`,
    retryKeyHash: asked("retryKeyHash"),
    delivery: sql`coalesce(${sessions.delivery}, ${asked("delivery")})`,
    retries: 0,
    spentFrom: sql`case when ${followsAnother} then ${sessions.spentFrom} else ${sessions.generation} end`,
    spentAt: sql`case when ${followsAnother} then ${sessions.spentAt} else ${asked("now")} end`,
    ip: asked("ip"),
    userAgent: asked("userAgent"),
    location: asked("location"),
  };
}

/** The session at the generation asked for, if it is live and its person active. */
function rotatable(asked: Asked): SQL | undefined {
  return and(
    eq(sessions.id, asked("id")),
    eq(sessions.userId, asked("userId")),
    eq(sessions.generation, asked("generation")),
    isNull(sessions.revokedAt),
    sql`${sessions.idleExpiresAt} > ${asked("notBefore")}`,
    sql`${sessions.expiresAt} > ${asked("notBefore")}`,
    eq(users.id, sessions.userId),
    users.isActive,
  );
}

const types: Record<keyof Rotation, string> = {
  id: "uuid",
  userId: "uuid",
  generation: "integer",
  now: "timestamptz",
  notBefore: "timestamptz",
  idleExpiresAt: "timestamptz",
  retryKeyHash: "bytea",
  spentAfter: "timestamptz",
  delivery: "text",
  ip: "inet",
  userAgent: "text",
  location: "text",
};

const parameter: Asked = (name) => sql`${sql.placeholder(name)}::${sql.raw(types[name])}`;

const rotateWhere = (db: Executor, condition?: SQL) =>
  db
    .update(sessions)
    .set(rotatedBy(parameter))
    .from(users)
    .where(and(rotatable(parameter), condition))
    .returning(rotatedColumns);

const aloneStatement = prepared((db) => rotateWhere(db).prepare("rotate_session"));

/** The same for a row that nobody holds; it waits for none. */
const unheldStatement = prepared((db) =>
  rotateWhere(
    db,
    sql`${sessions.id} = (
      select unheld.id from ${sessions} as unheld
      where unheld.id = ${parameter("id")} and unheld.user_id = ${parameter("userId")}
      for no key update skip locked)`,
  ).prepare("rotate_unheld_session"),
);

const listed: Asked = (name) => sql`held.${sql.identifier(name)}`;
const listedColumns = Object.entries(types).map(
  ([name, type]) => sql`${sql.identifier(name)} ${sql.raw(type)}`,
);

/**
 * The same for many. Each row is found by its key, however many PostgreSQL expects, and none is waited for: a statement
 * that waits for nothing can deadlock with nothing.
 */
const unheldStatements = prepared((db) => {
  const held = db.$with("held", { id: sessions.id }).as(sql`
    select held.* from json_to_recordset(${sql.placeholder("asked")}::json)
      as held(${sql.join(listedColumns, sql`, `)})
    cross join lateral (
      select 1 from ${sessions}, ${users} where ${rotatable(listed)}
      for no key update of ${sessions} skip locked) as row`);
  return db
    .with(held)
    .update(sessions)
    .set(rotatedBy(listed))
    .from(held)
    .where(and(eq(sessions.id, listed("id")), sql`${sessions.id} = any(array(select held.id from held))`))
    .returning(rotatedColumns)
    .prepare("rotate_unheld_sessions");
});
