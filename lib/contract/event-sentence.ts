import type { AuditEventType } from "./audit-events.ts";
import { deviceLabel } from "./device-label.ts";
import type { PublicEvent } from "./events.ts";
import { wayInWords } from "./way-in-words.ts";

type Told = Pick<PublicEvent, "type" | "data" | "browser" | "os">;

/** The events whose session is the one that ended. */
export const ENDING_EVENTS: readonly string[] = ["session.revoked", "refresh_token.reused"];

/** What was logged out: a device or an application, by its name as far as that is known. */
export type Ended = { kind: "device" | "application"; name: string | null };

const SOME_DEVICE: Ended = { kind: "device", name: null };

/**
 * What happened on somebody's own account, in a sentence without its full stop, for that person.
 *
 * @param ended all that one act logged out; where nothing is known of it, some device
 */
export function eventSentence(event: Told, ended: Ended[] = [SOME_DEVICE]): string {
  const sentence = named(SENTENCES, event.type) ?? "Something happened that this page has no words for";
  const said = typeof sentence === "string" ? sentence : sentence(event.data, ended);
  const from = deviceLabel(event, "");
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
const SENTENCES: Record<AuditEventType, string | ((data: Data, ended: Ended[]) => string)> = {
  "login.succeeded": ({ amr }) => `Logged in with ${waysIn(String(amr ?? ""))}`,
  "login.failed": ({ count }) => (Number(count ?? 1) > 1 ? `${count} log-ins failed` : "A log-in failed"),
  "login.confirmed": "You confirmed that it's you",
  "login.disowned": "You said that a log-in wasn't you, and every device was logged out",
  "code.wrong": "A wrong code was entered",
  "password.wrong": "A wrong password was entered by somebody who was logged in",
  "session.named": "The name of a device was changed",
  "session.revoked": ({ reason }, ended) => (named(REASONS, reason) ?? loggedOut(""))(ended),
  "refresh_token.reused": (_, ended) =>
    `We logged ${namesOf(ended)} out to protect you, because an old key ${ended.length > 1 ? "" : "of it "}was used again`,
  "refresh_token.retried":
    "A device whose connection failed asked again for its keys, and got them at another address",
  "trusted_device.added": "A device was trusted to log in without a code",
  "trusted_device.forgotten": "A device was told to ask for a code again",
  "trusted_device.reused":
    "We stopped trusting a device to protect you, because an old key of it was used again",
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
  "two_factor.changed": ({ email, totp }) =>
    named(TWO_STEP, email) ?? named(APP, totp) ?? "Two-step log-in was changed",
  "two_factor.removed": "Your passkeys, authenticator app and recovery codes were taken away",
  "passkey.added": "A passkey was added",
  "passkey.named": "The name of a passkey was changed",
  "passkey.removed": "A passkey was removed",
  "recovery_codes.made": "New recovery codes were made",
  "recovery_code.used": ({ left }) => `A recovery code was used, and ${left ?? "some"} are left`,
  "application.opened": ({ application }) => `${application ?? "An application"} was opened`,
  "application.added": "An application was added",
  "application.secret_replaced": "An application was given a new secret",
  "application.deliveries_retried": "What an application had not been told was sent again",
  "application.removed": "An application was removed",
  "data.downloaded": "Your data was downloaded",
  "sessions.revoked": "An administrator logged devices out",
  "token.inspected": "An administrator looked a token up",
  "events.exported": "An administrator exported the activity",
};

const REASONS: Record<string, (ended: Ended[]) => string> = {
  logged_out: (ended) =>
    ended.every(({ kind }) => kind === "application")
      ? `You logged out of ${namesOf(ended)}`
      : "You logged out",
  logged_out_everywhere: loggedOut(", because you logged out everywhere"),
  revoked_by_owner: (ended) => `You logged ${namesOf(ended)} out`,
  revoked_by_admin: (ended) => `An administrator logged ${namesOf(ended)} out`,
  password_changed: loggedOut(", because the password was changed"),
  account_deactivated: loggedOut(", because your account was deactivated"),
  token_reused: loggedOut(" to protect you"),
  replaced: loggedOut(", because a newer log-in took its place"),
};

function loggedOut(why: string) {
  return (ended: Ended[]) =>
    `${namesOf(ended, { first: true })} ${ended.length > 1 ? "were" : "was"} logged out${why}`;
}

/** Devices, then applications: one by its name, several by how many they are. */
function namesOf(ended: Ended[], { first = false } = {}): string {
  const kinds = (["device", "application"] as const).map((kind) =>
    ended.filter((each) => each.kind === kind),
  );
  return kinds
    .filter(([one]) => one)
    .map((all, place) => nameOf(all, first && place === 0))
    .join(" and ");
}

function nameOf([one = SOME_DEVICE, ...more]: Ended[], first: boolean): string {
  if (more.length > 0) return `${more.length + 1} ${one.kind}s`;
  const [a, an] = first ? ["A", "An"] : ["a", "an"];
  return one.name ?? `${one.kind === "device" ? a : an} ${one.kind}`;
}

const TWO_STEP: Record<string, string> = {
  true: "Two-step log-in by e-mail was turned on",
  false: "Two-step log-in by e-mail was turned off",
};

const APP: Record<string, string> = {
  true: "An authenticator app was set up",
  false: "The authenticator app was removed",
};

/** The words of `amr`, which stand between spaces. */
function waysIn(amr: string): string {
  return wayInWords(amr.split(" ").filter(Boolean)) || "a proof that isn't known any more";
}
