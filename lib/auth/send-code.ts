import type { Executor } from "@/db/client.ts";
import { holdUserByEmail, type User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { hashCode, makeCode } from "@/lib/codes.ts";
import { type Failure, throttled } from "@/lib/contract/errors.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { nameDevice } from "@/lib/describe-device.ts";
import type { Message } from "@/lib/mail/messages.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { rateLimit } from "@/lib/rate-limit.ts";
import { CODE_LIFETIME_SECONDS, CODE_MAILS, RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { openChallenge, type PendingProof } from "./open-challenge.ts";

export type CodePurpose = "log-in" | "step-up" | "register" | "email-change";

export type CodeRequest = {
  purpose: CodePurpose;
  /** Who is asked to prove something; null where there is no account yet. */
  user: User | null;
  /** What waits for the proof of a new address, to which the code then goes instead of to the person's own. */
  pending?: PendingProof;
  sessionId?: string;
  device: Device;
};

/**
 * Opens a challenge and queues the mail with its code, in the caller's transaction, which has locked the person.
 *
 * 1. code entry is closed for this person → `throttled`, no mail
 * 2. too many code mails in the last hour → `throttled`, no mail
 * 3. the code would prove an address that has an account → the same answer, after the same work; its owner gets a
 *    mail without a code
 * 4. else → what the client needs to go on
 */
export async function sendCode(
  transaction: Executor,
  app: App,
  { purpose, user, pending, sessionId, device }: CodeRequest,
  now: Date,
): Promise<{ kind: "sent"; challenge: StartedChallenge } | Failure> {
  const to = pending?.email ?? user?.email;
  if (to === undefined) throw new Error("a code needs an address to go to");
  const refused = await refuseCode(transaction, app, { user, to }, now);
  if (refused) return refused;
  const code = makeCode();
  const challenge = await openChallenge(
    transaction,
    {
      purpose,
      userId: user?.id ?? null,
      sessionId,
      pending,
      lifetimeSeconds: CODE_LIFETIME_SECONDS,
      hashCode: (id) => hashCode(app.codeHashing, id, code),
    },
    now,
  );
  await mailCode(transaction, app, { to, user, purpose, code, device }, now);
  return {
    kind: "sent",
    challenge: {
      challenge,
      methods: ["email"],
      expires_in: CODE_LIFETIME_SECONDS,
      resend_in: RESEND_AFTER_SECONDS,
      sent_to: maskAddress(to),
    },
  };
}

/** The failure of every call that would need a code while ten wrong ones keep code entry closed. */
export function refuseWhileClosed({ codesClosedUntil }: User, now: Date): Failure | null {
  if (!codesClosedUntil || codesClosedUntil <= now) return null;
  return throttled(Math.ceil((codesClosedUntil.getTime() - now.getTime()) / 1000));
}

/** The failure of a call that would mail a code now: at most ten an hour to one account, whatever asks for them. */
export async function refuseCode(
  transaction: Executor,
  app: App,
  { user, to }: { user: User | null; to: string },
  now: Date,
): Promise<Failure | null> {
  const closed = user && refuseWhileClosed(user, now);
  const subject = user?.id ?? to.toLowerCase();
  return closed ?? (await rateLimit(app, transaction, { purpose: "code mail", subject }, CODE_MAILS, now));
}

/** Queues the mail with a code; where the code would prove an address that has an account, that account's owner is told. */
export async function mailCode(
  transaction: Executor,
  app: App,
  mail: { to: string; user: User | null; purpose: CodePurpose; code: string; device: Device },
  now: Date,
): Promise<void> {
  const { purpose, code } = mail;
  const provesAddress = purpose === "register" || purpose === "email-change";
  const owner = provesAddress ? await holdUserByEmail(transaction, mail.to) : mail.user;
  const { APP_URL } = app.settings;
  const message: Message =
    provesAddress && owner
      ? { kind: "account-exists", logInUrl: `${APP_URL}/login`, resetUrl: `${APP_URL}/forgot-password` }
      : {
          kind: "code",
          code,
          purpose,
          minutes: CODE_LIFETIME_SECONDS / 60,
          device: nameDevice(mail.device.userAgent),
        };
  await queueMail(
    transaction,
    app.mail,
    {
      to: owner?.email ?? mail.to,
      userId: owner?.id ?? mail.user?.id ?? null,
      message,
      expiresAt: secondsAfter(now, CODE_LIFETIME_SECONDS),
    },
    now,
  );
}

/** `a•••@example.com`: enough to recognise one's own address by. */
export function maskAddress(email: string): string {
  return email.replace(/^(.).*(?=@)/, "$1•••");
}
