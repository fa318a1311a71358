import type { EndReason } from "./errors.ts";

/** A sentence around an instant, which the page writes in its reader's own time; with none, `start` goes on in `rest`. */
export type EndSentence = { start: string; at: Date | null; rest: string };

/** The end of a session in a sentence for the one whose it was. */
export function endSentence({
  reason,
  at,
  from,
}: {
  reason: EndReason;
  at: Date | null;
  from: string | null;
}): EndSentence {
  const where = from ? ` from ${from}` : "";
  const dated = (start: string, rest: string) => ({ start: at ? `${start}, ` : start, at, rest });
  switch (reason) {
    case "revoked_by_owner":
      return dated(`You logged this device out${where}`, ".");
    case "logged_out_everywhere":
      return dated(`You logged out everywhere${where}`, ".");
    case "logged_out":
      return dated("You logged out", ".");
    case "revoked_by_admin":
      return dated("An administrator logged this device out", ".");
    case "password_changed":
      return dated("Your password was changed", ". Log in with the new one.");
    case "account_deactivated":
      return dated("Your account was deactivated", ". Ask whoever runs this site.");
    case "token_reused":
      return dated("We logged this device out to protect you", ": an old key of it was used again.");
    case "replaced":
      return dated("This device was logged out", ", because a newer log-in took its place.");
    case "rotated":
    case "expired":
      return {
        start: "Your session ended: it was not used for a while, or as old as one can get.",
        at: null,
        rest: "",
      };
  }
}
