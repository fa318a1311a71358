import type { Moment } from "@/lib/app/call.ts";
import { findLink } from "./redeem-link.ts";

type MailedLink =
  | { kind: "unknown" | "used" | "expired" }
  | { kind: "open"; email: string; destinationId: string | null };

/**
 * What has become of a link that leads to a new password, for its holder. It only looks: programs that open the links
 * of mails spend nothing. It says whose account it is only while it is open, for whoever found an old link must not
 * learn that.
 *
 * 1. no such link, one of another kind, or one that was forgotten since → `unknown`
 * 2. used, or settled by another: a newer one, or the undo of an earlier change → `used`
 * 3. too old → `expired`
 * 4. else → `open`, with the address of the account, and where the browser was going that asked for it
 */
export async function showMailedLink(
  call: Moment,
  token: string,
  purpose: "password-reset" | "invitation" | "undo-email-change",
): Promise<MailedLink> {
  const link = await findLink(call, token, purpose);
  if (link.kind !== "open") return link;
  return { kind: link.kind, email: link.user.email, destinationId: link.challenge.destinationId };
}
