import { findChallenge } from "@/db/queries/challenges.ts";
import type { App } from "@/lib/app.ts";
import { challengeName } from "./open-challenge.ts";

/**
 * What has become of a link that leads to a new password, for its holder. It only looks: programs that open the links
 * of mails spend nothing. It says nothing of the person, for whoever found an old link must not learn whose it was.
 *
 * 1. no such link, one of another kind, or one that was forgotten since → `unknown`
 * 2. used, or settled by another: a newer one, or the undo of an earlier change → `used`
 * 3. too old → `expired`
 * 4. else → `open`
 */
export async function showMailedLink(
  app: App,
  token: string,
  kind: "password-reset" | "invitation" | "undo-email-change",
  now: Date,
): Promise<"unknown" | "used" | "expired" | "open"> {
  const link = await findChallenge(app.db, challengeName(token, kind));
  if (!link?.userId) return "unknown";
  if (link.consumedAt) return "used";
  return link.expiresAt <= now ? "expired" : "open";
}
