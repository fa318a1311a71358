import type { Draft, FactorChange, MessageOf, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Action, Facts, Note, Paragraph } from "./parts.tsx";
import { count, hostOf, sayInstant } from "./words.ts";

type Words = { subject: string; says(host: string): string };

const WORDS: Record<FactorChange, Words> = {
  "totp-on": {
    subject: "An authenticator app was set up",
    says: (host) => `Your account at ${host} now asks for a code of your authenticator app when you log in.`,
  },
  "totp-off": {
    subject: "The authenticator app was removed",
    says: (host) => `Your account at ${host} no longer takes codes of your authenticator app.`,
  },
  "passkey-added": {
    subject: "A passkey was added",
    says: (host) => `Your account at ${host} can be logged in to with one more passkey.`,
  },
  "passkey-removed": {
    subject: "A passkey was removed",
    says: (host) => `A passkey of your account at ${host} was removed, and opens nothing any more.`,
  },
  "codes-made": {
    subject: "New recovery codes were made",
    says: (host) => `Your account at ${host} has ten new recovery codes. The older ones are void.`,
  },
  "all-removed": {
    subject: "Your passkeys and authenticator app were removed",
    says: (host) =>
      `Whoever runs ${host} took the passkeys, the authenticator app and the recovery codes of your account away, as somebody asked who said that they lost them. For a day the account can't change anything, so that you have time to object.`,
  },
  "taken-back": {
    subject: "What was set up lately was taken away",
    says: (host) =>
      `Your account at ${host} was taken back by a link from a mail. The passkeys, authenticator app and recovery codes that were set up since what that link is about are gone. For a day the account can't change anything.`,
  },
};

/** To the owner, after their strong factors changed. */
export function factorsChanged({ change, at }: MessageOf<"factors-changed">, site: Site): Draft {
  const { subject, says } = WORDS[change];
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>{says(hostOf(site))}</Paragraph>
        <Facts facts={{ Time: sayInstant(at) }} />
        <IfItWasNotYou site={site} />
      </Layout>
    ),
  };
}

/** To the owner, each time a recovery code is used. */
export function recoveryCodeUsed({ left, at }: MessageOf<"recovery-code-used">, site: Site): Draft {
  const subject = "A recovery code was used";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          A recovery code proved that it's you at {hostOf(site)}. You have {count(left, "code")} left.
        </Paragraph>
        <Facts facts={{ Time: sayInstant(at) }} />
        <IfItWasNotYou site={site} />
        <Note>You can make new codes on the security page of your account.</Note>
      </Layout>
    ),
  };
}

function IfItWasNotYou({ site }: { site: Site }) {
  return (
    <>
      <Paragraph>
        If that was you, there is nothing to do. If it wasn't, choose a new password, which logs out every
        device. It doesn't undo this: if you can't get in afterwards, ask whoever runs the site.
      </Paragraph>
      <Action href={`${site.appUrl}/forgot-password`}>Choose a new password</Action>
    </>
  );
}
