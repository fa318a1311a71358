import type { AuditEventType } from "./audit-events.ts";
import type { PublicEvent } from "./events.ts";

type Told = Pick<PublicEvent, "type" | "data" | "browser" | "os">;

/** What an act was done to: the device that it logged out, as far as that is known, and how many there were. */
type Target = { device?: string | undefined; count?: number };

/** What happened on somebody's own account, in a sentence without its full stop, for that person. */
export function eventSentence(event: Told, target: Target = {}): string {
  const sentence = named(SENTENCES, event.type) ?? "Something happened that this page has no words for";
  const said = typeof sentence === "string" ? sentence : sentence(event.data, target);
  const from = [event.browser, event.os].filter(Boolean).join(" on ");
  if (!from) return said;
  return isAboutAnother(event) ? `${said}, from ${from}` : `${said} from ${from}`;
}

/** Whether the sentence names one device and was caused from another, which a comma keeps apart. */
function isAboutAnother({ type, data }: Told): boolean {
  return type === "session.revoked" && data.reason !== "logged_out";
}

/** What a table says under a name that comes from elsewhere. */
function named<Said>(table: Record<string, Said>, name: unknown): Said | undefined {
  return Object.hasOwn(table, String(name)) ? table[String(name)] : undefined;
}

type Data = PublicEvent["data"];

/** Of each type, as long as it is about the reader. Those about nobody in particular stand here for the day they are. */
const SENTENCES: Record<AuditEventType, string | ((data: Data, target: Target) => string)> = {
  "login.succeeded": ({ amr }) => `Logged in with ${waysIn(String(amr ?? ""))}`,
  "login.failed": "A log-in failed",
  "login.confirmed": "You confirmed that it's you",
  "login.disowned": "You said that a log-in wasn't you, and every device was logged out",
  "code.wrong": "A wrong code was entered",
  "password.wrong": "A wrong password was entered by somebody who was logged in",
  "session.revoked": ({ reason }, target) => (named(REASONS, reason) ?? loggedOut(""))(target),
  "refresh_token.reused": (_, { device = "a device" }) =>
    `We logged ${device} out to protect you, because an old key of it was used again`,
  "user.registered": "Your account was made",
  "user.created": "Your account was made",
  "user.invited": "You were invited",
  "user.renamed": "Your name was changed",
  "user.role_changed": ({ role }) =>
    role === "admin" ? "You were made an administrator" : "You are no administrator any more",
  "user.deactivated": "Your account was deactivated",
  "user.reactivated": "Your account was activated again",
  "user.logged_out": "An administrator logged you out",
  "user.deleted": "Your account was deleted",
  "password.reset_requested": "A link to choose a new password was asked for",
  "password.reset": "A new password was chosen by a link from a mail",
  "password.changed": "Your password was changed",
  "email.changed": ({ to }) => `Your e-mail address was changed${to ? ` to ${to}` : ""}`,
  "email.change_undone": "The change of your e-mail address was undone",
  "two_factor.changed": ({ email }) => named(TWO_STEP, email) ?? "Two-step log-in was changed",
  "data.downloaded": "Your data was downloaded",
  "sessions.revoked": "An administrator logged devices out",
  "token.inspected": "An administrator looked a token up",
  "events.exported": "An administrator exported the activity",
};

const REASONS: Record<string, (target: Target) => string> = {
  logged_out: () => "You logged out",
  logged_out_everywhere: loggedOut(", because you logged out everywhere"),
  revoked_by_owner: (target) => `You logged ${nameOf(target)} out`,
  revoked_by_admin: (target) => `An administrator logged ${nameOf(target)} out`,
  password_changed: loggedOut(", because the password was changed"),
  account_deactivated: loggedOut(", because your account was deactivated"),
  token_reused: loggedOut(" to protect you"),
  replaced: loggedOut(", because you logged in on many others"),
};

function loggedOut(why: string) {
  return (target: Target) =>
    `${nameOf(target, "A device")} ${(target.count ?? 1) > 1 ? "were" : "was"} logged out${why}`;
}

function nameOf({ device, count = 1 }: Target, unknown = "a device"): string {
  return count > 1 ? `${count} devices` : (device ?? unknown);
}

const TWO_STEP: Record<string, string> = {
  true: "Two-step log-in by e-mail was turned on",
  false: "Two-step log-in by e-mail was turned off",
};

const WAYS: Record<string, string> = { pwd: "password", otp: "e-mail code" };

/** RFC 8176's words, which stand between spaces, as people say them. */
function waysIn(amr: string): string {
  const ways = amr.split(" ").filter(Boolean);
  return ways.map((way) => named(WAYS, way) ?? way).join(" and ") || "a proof that isn't known any more";
}
