import type { Draft, MessageOf, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Facts, Paragraph } from "./parts.tsx";
import { hostOf, sayInstant } from "./words.ts";

/** The last word to whoever had an account: without it, the one act that nothing undoes would be silent. */
export function accountDeleted(message: MessageOf<"account-deleted">, site: Site): Draft {
  const subject = "Your account was deleted";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          Your account at {hostOf(site)} and everything in it was deleted, by somebody who was logged in and
          knew its password. Nothing brings it back.
        </Paragraph>
        <Facts facts={{ Time: sayInstant(message.at) }} />
        <Paragraph>
          If that was you, there is nothing to do. If it wasn't, tell whoever runs the site, and change this
          password wherever else you use it.
        </Paragraph>
      </Layout>
    ),
  };
}
