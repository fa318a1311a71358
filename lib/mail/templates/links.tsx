import type { Draft, MessageOf, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Action, Note, Paragraph } from "./parts.tsx";
import { count, hostOf, linkTo } from "./words.ts";

/** The way to a new password, for whoever asked at "forgot". */
export function resetLink(message: MessageOf<"reset-link">, site: Site): Draft {
  const subject = "Choose a new password";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          Somebody, most likely you, asked for a new password for your account at {hostOf(site)}.
        </Paragraph>
        <Action href={linkTo(site, "/reset-password", message.token)}>Choose a new password</Action>
        <Note>
          The link works once, for {count(message.minutes, "minute")}. That wasn't you? Then do nothing: your
          password stays as it is.
        </Note>
      </Layout>
    ),
  };
}

/** The first way in, for a person an admin made an account for. */
export function invitation(message: MessageOf<"invitation">, site: Site): Draft {
  const subject = "You are invited";
  const host = hostOf(site);
  return {
    subject,
    body: (
      <Layout title={subject} site={site} why={`An admin of ${host} entered this address.`}>
        <Paragraph>
          An admin of {host} made an account for this address. Choose a password, and it is yours.
        </Paragraph>
        <Action href={linkTo(site, "/accept-invitation", message.token)}>Choose a password</Action>
        <Note>
          The link works once, for {count(message.days, "day")}. You don't want the account? Then do nothing:
          without a password nobody can log in to it.
        </Note>
      </Layout>
    ),
  };
}
