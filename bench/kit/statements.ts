import type { Database } from "@/db/client.ts";
import { rotateSession } from "@/db/queries/sessions.ts";
import { secondsAfter, systemClock } from "@/lib/clock.ts";
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

/** The app's own rotation, word for word, and where its changing parameters stand. */
export type RotateStatement = Sent & { idAt: number; generationAt: number };

/** Rotates `holder`'s session by the app's own query and keeps the statement that this took. */
export async function captureRotation(db: Database, { id }: Holder): Promise<RotateStatement> {
  const now = systemClock.now();
  const [sent, ...more] = await recordStatements(db, () =>
    rotateSession(db, {
      id,
      generation: 1,
      now,
      notBefore: now,
      idleExpiresAt: secondsAfter(now, 3 * 24 * 60 * 60),
      retryKeyHash: null,
      ip: "127.0.0.1",
      userAgent: USER_AGENT,
      location: null,
    }),
  );
  if (!sent || more.length > 0) throw new Error(`a rotation took ${more.length + 1} statements`);
  return { ...sent, idAt: sent.parameters.indexOf(id), generationAt: sent.parameters.indexOf(1) };
}
