import type { Settings } from "@/lib/settings/env.ts";
import { mailboxTransport } from "./mailbox.ts";
import { resendTransport } from "./resend.ts";
import { smtpTransport } from "./smtp.ts";
import type { Transport } from "./transport.ts";

/** The transport that the settings name; they don't parse without what it needs. */
export function chooseTransport(settings: Settings): Transport {
  switch (settings.MAIL_TRANSPORT) {
    case "mailbox":
      return mailboxTransport;
    case "resend":
      return resendTransport({ apiKey: settings.RESEND_API_KEY ?? "", baseUrl: settings.RESEND_BASE_URL });
    case "smtp":
      return smtpTransport(settings.SMTP_URL ?? "");
  }
}
