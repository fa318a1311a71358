import type { Executor } from "@/db/client.ts";
import { holdUserByEmail, type User } from "@/db/queries/users.ts";
import type { Moment } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import { maskAddress } from "@/lib/auth/challenges/mask-address.ts";
import { openChallenge, type PendingProof } from "@/lib/auth/challenges/open-challenge.ts";
import { RESEND_AFTER_SECONDS } from "@/lib/auth/limits/budgets.ts";
import { CODE_LIFETIME_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { rateLimit } from "@/lib/auth/limits/rate-limit.ts";
import { secondsAfter } from "@/lib/base/clock.ts";
import { nameDevice } from "@/lib/base/describe-device.ts";
import type { Failure } from "@/lib/contract/errors.ts";
import type { MailedChallenge } from "@/lib/contract/two-factor.ts";
import type { Message } from "@/lib/mail/messages.ts";
import { queueMail } from "@/lib/mail/outbox.ts";
import { refuseWhileClosed } from "./code-closure.ts";
import { EMAIL_CODE, hashCode, makeCode } from "./email-code.ts";

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
  call: Moment,
  { purpose, user, pending, sessionId, device }: CodeRequest,
): Promise<{ kind: "sent"; challenge: MailedChallenge } | Failure> {
  const { app, now } = call;
  const to = pending?.email ?? user?.email;
  if (to === undefined) throw new Error("a code needs an address to go to");
  const refused = await refuseCode(transaction, call, { user, to });
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
  await mailCode(transaction, call, { to, user, purpose, code, device });
  return {
    kind: "sent",
    challenge: {
      challenge,
      methods: [EMAIL_CODE.method],
      expires_in: CODE_LIFETIME_SECONDS,
      resend_in: RESEND_AFTER_SECONDS,
      sent_to: maskAddress(to),
    },
  };
}

/** The failure of a call that would mail a code now: at most ten an hour to one account, whatever asks for them. */
export async function refuseCode(
  transaction: Executor,
  call: Moment,
  { user, to }: { user: User | null; to: string },
): Promise<Failure | null> {
  const { now } = call;
  const closed = user && refuseWhileClosed(user, now);
  const subject = user?.id ?? to.toLowerCase();
  return closed ?? (await rateLimit(call, transaction, { limit: "code mails to an account", subject }));
}

/** Queues the mail with a code; where the code would prove an address that has an account, that account's owner is told. */
export async function mailCode(
  transaction: Executor,
  { app, now }: Moment,
  mail: { to: string; user: User | null; purpose: CodePurpose; code: string; device: Device },
): Promise<void> {
  const { purpose, code } = mail;
  const provesAddress = purpose === "register" || purpose === "email-change";
  const owner = provesAddress ? await holdUserByEmail(transaction, mail.to) : mail.user;
  const message: Message =
    provesAddress && owner
      ? { kind: "account-exists" }
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
