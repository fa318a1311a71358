import type { Executor } from "@/db/client.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { secondsAfter } from "@/lib/clock.ts";
import { hashCode, makeCode } from "@/lib/codes.ts";
import { type Failure, throttled } from "@/lib/contract/errors.ts";
import type { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { nameDevice } from "@/lib/describe-device.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { rateLimit } from "@/lib/rate-limit.ts";
import { CODE_LIFETIME_SECONDS, CODE_MAILS, RESEND_AFTER_SECONDS } from "./lifetimes.ts";
import { openChallenge } from "./open-challenge.ts";

export type CodePurpose = "log-in" | "step-up";

/**
 * Opens a challenge and queues the mail with its code, in the caller's transaction, which has locked the person.
 *
 * 1. code entry is closed for this person → `throttled`, no mail
 * 2. too many code mails in the last hour → `throttled`, no mail
 * 3. else → what the client needs to go on
 */
export async function sendCode(
  transaction: Executor,
  app: App,
  {
    user,
    purpose,
    sessionId,
    device,
  }: { user: User; purpose: CodePurpose; sessionId?: string; device: Device },
  now: Date,
): Promise<{ kind: "sent"; challenge: StartedChallenge } | Failure> {
  const refused = refuseWhileClosed(user, now) ?? (await limitCodeMails(transaction, app, user, now));
  if (refused) return refused;
  const code = makeCode();
  const challenge = await openChallenge(
    transaction,
    {
      purpose,
      userId: user.id,
      ...(sessionId !== undefined && { sessionId }),
      lifetimeSeconds: CODE_LIFETIME_SECONDS,
      hashCode: (id) => hashCode(app.codeHashing, id, code),
    },
    now,
  );
  await mailCode(transaction, app, { user, purpose, code, device }, now);
  return {
    kind: "sent",
    challenge: {
      challenge,
      methods: ["email"],
      expires_in: CODE_LIFETIME_SECONDS,
      resend_in: RESEND_AFTER_SECONDS,
      sent_to: maskAddress(user.email),
    },
  };
}

/** The failure of every call that would need a code while ten wrong ones keep code entry closed. */
export function refuseWhileClosed({ codesClosedUntil }: User, now: Date): Failure | null {
  if (!codesClosedUntil || codesClosedUntil <= now) return null;
  return throttled(Math.ceil((codesClosedUntil.getTime() - now.getTime()) / 1000));
}

/** At most ten code mails an hour to one account, whatever asks for them. */
export function limitCodeMails(
  transaction: Executor,
  app: App,
  user: User,
  now: Date,
): Promise<Failure | null> {
  return rateLimit(app, transaction, { purpose: "code mail", subject: user.id }, CODE_MAILS, now);
}

export async function mailCode(
  transaction: Executor,
  app: App,
  mail: { user: User; purpose: CodePurpose; code: string; device: Device },
  now: Date,
): Promise<void> {
  await queueMail(
    transaction,
    app.mail,
    {
      to: mail.user.email,
      userId: mail.user.id,
      message: {
        kind: "code",
        code: mail.code,
        purpose: mail.purpose,
        minutes: CODE_LIFETIME_SECONDS / 60,
        device: nameDevice(mail.device.userAgent),
      },
      expiresAt: secondsAfter(now, CODE_LIFETIME_SECONDS),
    },
    now,
  );
}

/** `a•••@example.com`: enough to recognise one's own address by. */
export function maskAddress(email: string): string {
  return email.replace(/^(.).*(?=@)/, "$1•••");
}
