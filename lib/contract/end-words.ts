import type { EndReason } from "./errors.ts";

/** Why a token or session ended, in a few words for an admin. */
const WORDS: Record<EndReason, string> = {
  rotated: "used for a refresh",
  token_reused: "an old token was used again",
  logged_out: "logged out",
  logged_out_everywhere: "logged out everywhere",
  revoked_by_owner: "logged out from another device",
  revoked_by_admin: "logged out by an administrator",
  password_changed: "the password was changed",
  account_deactivated: "the account was deactivated",
  replaced: "a newer log-in took its place",
  expired: "not used for too long",
};

export function endWords(reason: EndReason): string {
  return WORDS[reason];
}
