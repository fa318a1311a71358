import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import type { Settings } from "@/lib/env.ts";
import { createMailDeps } from "@/lib/mail/mail-deps.ts";
import { sendTestMail } from "@/lib/mail/send-test-mail.ts";
import { secretInForce } from "@/lib/running-app.ts";

export type Finding = { ok: boolean; detail: string };

/** Says where mail goes, and with an address what the provider answers to a test mail. */
export async function checkMail(settings: Settings, to: string | undefined): Promise<Finding> {
  const { MAIL_TRANSPORT } = settings;
  if (MAIL_TRANSPORT === "mailbox") {
    return { ok: to === undefined, detail: "Mail stays on this machine, at /dev/mailbox; nothing is sent." };
  }
  if (to === undefined) {
    return { ok: true, detail: `Mail goes by ${MAIL_TRANSPORT}; add --mail you@example.com to send one.` };
  }
  const address = parseEmailAddress(to);
  if (!address) return { ok: false, detail: "That is no e-mail address." };
  const answer = await sendTestMail(createMailDeps(settings, secretInForce(settings)), address);
  return answer.kind === "accepted"
    ? { ok: true, detail: `The provider accepted a test mail (${MAIL_TRANSPORT}).` }
    : { ok: false, detail: `The provider did not take a test mail: ${answer.error}.` };
}
