import type { EndReason } from "./errors.ts";

/** The end of a session in a sentence for the one whose it was. */
export function endSentence(
  { reason, at, from }: { reason: EndReason; at: Date | null; from: string | null },
  now: Date,
): string {
  const where = from ? ` from ${from}` : "";
  const when = at ? `, ${dayAndTime(at, now)}` : "";
  switch (reason) {
    case "revoked_by_owner":
      return `You logged this device out${where}${when}.`;
    case "logged_out_everywhere":
      return `You logged out everywhere${where}${when}.`;
    case "logged_out":
      return `You logged out${when}.`;
    case "revoked_by_admin":
      return `An administrator logged this device out${when}.`;
    case "password_changed":
      return `Your password was changed${when}. Log in with the new one.`;
    case "account_deactivated":
      return `Your account was deactivated${when}. Ask whoever runs this site.`;
    case "token_reused":
      return `We logged this device out to protect you${when}: an old key of it was used again.`;
    case "replaced":
      return `This device was logged out${when}, because you logged in on many others.`;
    case "rotated":
    case "expired":
      return "Your session ended because it was not used for a while.";
  }
}

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

/** "today 14:02", "3 March 14:02"; in UTC, since the server does not know where the person is. */
function dayAndTime(at: Date, now: Date): string {
  const date = day.format(at);
  return `${date === day.format(now) ? "today" : date} ${time.format(at)} UTC`;
}
