import { listKeptMail } from "@/db/queries/outbox.ts";
import { type Failure, failure } from "@/lib/contract/errors.ts";
import type { Settings } from "@/lib/settings/env.ts";
import type { MailApp } from "./mail-deps.ts";
import type { Rendered } from "./messages.ts";
import { unseal } from "./outbox.ts";

/** A mail of the local mailbox, as `GET /api/dev/mailbox` shows it. */
export type KeptMail = Rendered & { id: string; to: string; created_at: string };

const SHOWN = 100;

/**
 * The mail that a local Keyturn wrote, newest first; also what its worker has not got to yet, so that whoever caused
 * it need not wait.
 *
 * 1. a deployment, or another transport → not_found, as if there were no mailbox
 * 2. mail sealed under another SECRET_KEY → left out
 *
 * @param to only mail to this address
 */
export async function readMailbox(
  { db, mail, settings }: Pick<MailApp, "db" | "mail"> & { settings: Pick<Settings, "local"> },
  to: string | null,
): Promise<{ kind: "read"; results: KeptMail[] } | Failure> {
  if (!settings.local || mail.transport.kind !== "mailbox") return failure("not_found");
  const rows = await listKeptMail(db, to, SHOWN);
  const results = rows.flatMap(({ id, recipient, sealed, createdAt }) => {
    const content = sealed && unseal(mail.sealingKey, id, sealed);
    return content ? [{ id, to: recipient, ...content, created_at: createdAt.toISOString() }] : [];
  });
  return { kind: "read", results };
}
