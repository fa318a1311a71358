import type { Database } from "@/db/client.ts";
import { rotateAlone } from "@/db/queries/rotate-session.ts";
import { findSessionWithOwner } from "@/db/queries/sessions.ts";
import { secondsAfter, systemClock } from "@/lib/base/clock.ts";
import { USER_AGENT } from "./keep-alive.ts";
import type { Holder } from "./seed.ts";

/** A statement as postgres.js sent it. */
export type Sent = { text: string; parameters: unknown[] };

/** Runs `work` and returns every statement that `db` sent meanwhile, `begin` and `commit` included. */
export async function recordStatements(db: Database, work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = [];
  const { options } = db.$client;
  options.debug = (_connection, text, parameters) => sent.push({ text, parameters: [...parameters] });
  try {
    await work();
  } finally {
    options.debug = false;
  }
  return sent;
}

/** The app's own look-up of `holder`'s session, as it is sent for one call. */
export async function captureLookUp(db: Database, { id, userId }: Holder): Promise<Sent> {
  const sent = await recordStatements(db, () => findSessionWithOwner(db, { id, userId }));
  const lookUp = sent.at(-1);
  if (!lookUp) throw new Error("a look-up took no statement");
  return lookUp;
}

/** The app's own rotation, word for word, and where its changing parameters stand. */
export type RotateStatement = Sent & { idAt: number; userIdAt: number; generationAt: number };

/** Rotates `holder`'s session alone by the app's own query and keeps the statement that this took. */
export async function captureRotation(db: Database, { id, userId }: Holder): Promise<RotateStatement> {
  const now = systemClock.now();
  const [sent, ...more] = await recordStatements(db, () =>
    rotateAlone(db, {
      id,
      userId,
      generation: 1,
      now,
      notBefore: now,
      idleExpiresAt: secondsAfter(now, 3 * 24 * 60 * 60),
      retryKeyHash: null,
      spentAfter: now,
      delivery: "json",
      ip: "127.0.0.1",
      userAgent: USER_AGENT,
      location: null,
    }),
  );
  if (!sent || more.length > 0) throw new Error(`a rotation took ${more.length + 1} statements`);
  const [idAt = -1, userIdAt = -1, generationAt = -1] = [id, userId, 1].map((value) =>
    sent.parameters.indexOf(value),
  );
  return { ...sent, idAt, userIdAt, generationAt };
}
