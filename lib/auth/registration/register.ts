import type { App } from "@/lib/app/app.ts";
import type { Call } from "@/lib/app/call.ts";
import { sendCode } from "@/lib/auth/factors/send-code.ts";
import { limitMails } from "@/lib/auth/limits/limit-mails.ts";
import { parseEmailAddress } from "@/lib/contract/email-address.ts";
import { type Failure, failure, type InvalidFields, invalidFields } from "@/lib/contract/errors.ts";
import { REGISTRATION_CLOSED } from "@/lib/contract/registration.ts";
import type { AwaitedCode } from "@/lib/contract/two-factor.ts";
import { validatePassword } from "@/lib/passwords/rules.ts";

export type Registration = { email: string; password: string; name?: string | undefined };

/**
 * Begins a registration: whoever reads the mail to the address completes it. There is no account before, only a
 * challenge that holds what one would get; of any number of them for one address, none knows of another.
 *
 * 1. registration is closed → `permission_denied`
 * 2. an address or a password that the rules refuse → the fields and why
 * 3. too many mails were asked for, to this address or from this network → `throttled`, no mail
 * 4. hashing is busy → `unavailable`
 * 5. the address has an account, one that waits for an invited person too → the same answer as 6, after the same work;
 *    the mail has no code and tells its owner
 * 6. else → a challenge, and its code by mail
 */
export async function register(
  call: Call,
  { email, password, name = "" }: Registration,
): Promise<{ kind: "sent"; challenge: AwaitedCode } | Failure | InvalidFields> {
  const { app, device } = call;
  const closed = refuseWhileRegistrationIsClosed(app);
  if (closed) return closed;
  const address = parseEmailAddress(email);
  const objections = validatePassword(password, { email: address ?? "", name });
  if (!address || objections.length > 0) {
    return invalidFields({
      ...(!address && { email: ["Enter a valid email address."] }),
      ...(objections.length > 0 && { password: objections }),
    });
  }
  const tooFast = await limitMails(call, app.db, { askedFor: "registration", email: address, device });
  if (tooFast) return tooFast;
  const hashed = await app.passwords.hash(password);
  if (hashed.kind === "busy") return failure("unavailable");

  const pending = { email: address, name, passwordHash: hashed.passwordHash };
  const sent = await app.transaction((transaction) =>
    sendCode(transaction, call, { purpose: "register", user: null, pending, device }),
  );
  if (sent.kind === "failure") return sent;
  const { methods: _oneOnly, ...challenge } = sent.challenge;
  return { kind: "sent", challenge };
}

/** The failure of every step of a registration while only admins make accounts. */
export function refuseWhileRegistrationIsClosed({ settings }: App): Failure | null {
  return settings.REGISTRATION === "closed" ? failure("permission_denied", REGISTRATION_CLOSED) : null;
}
