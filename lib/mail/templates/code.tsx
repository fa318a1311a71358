import type { CodeMessage, Draft, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Code, Note, Paragraph, SideAction } from "./parts.tsx";
import { count, hostOf, linkTo, oneLine } from "./words.ts";

/** A code. Each purpose says what happened, what the code does, and what to do if it was somebody else. */
export function codeMail(message: CodeMessage, site: Site): Draft {
  const { subject, happened, elsewhere, why } = wording(message, site);
  return {
    subject,
    body: (
      <Layout title={subject} site={site} why={why}>
        <Paragraph>{happened}</Paragraph>
        <Code>{message.code}</Code>
        <Paragraph>
          It works once, for {count(message.minutes, "minute")}. Keep it to yourself: nobody has a reason to
          ask you for it.
        </Paragraph>
        <Note>{elsewhere}</Note>
      </Layout>
    ),
  };
}

function wording({ purpose, device }: CodeMessage, site: Site) {
  const from = device ? ` from ${oneLine(device)}` : "";
  const host = hostOf(site);
  switch (purpose) {
    case "log-in":
      return {
        subject: "Your code to log in",
        happened: `Your password was entered at ${host}${from}. If that was you, type this code to finish logging in:`,
        elsewhere: (
          <>
            That wasn't you? Then somebody knows your password. The code is what keeps them out, so don't pass
            it on.
            <SideAction href={linkTo(site, "/forgot-password")}>Choose a new password</SideAction>
          </>
        ),
      };
    case "step-up":
      return {
        subject: "Your code to confirm it's you",
        happened: `Somebody who is logged in to your account at ${host} wants to change how you log in${from}. If that is you, type this code:`,
        elsewhere: (
          <>
            That isn't you? Then somebody uses a device on which you are logged in.
            <SideAction href={linkTo(site, "/account/sessions")}>
              See your devices and log them out
            </SideAction>
          </>
        ),
      };
    case "register":
      return {
        subject: "Your code to confirm your address",
        happened: `Somebody, most likely you, wants to open an account at ${host} with this address. Type this code to confirm it:`,
        elsewhere: "That wasn't you? Then do nothing: without the code no account is made.",
        why: enteredAt(host),
      };
    case "email-change":
      return {
        subject: "Your code to confirm your new address",
        happened: `Somebody, most likely you, wants to use this address for their account at ${host}. Type this code to confirm it:`,
        elsewhere: "That wasn't you? Then do nothing: without the code nothing changes.",
        why: enteredAt(host),
      };
  }
}

function enteredAt(host: string): string {
  return `This address was entered at ${host}.`;
}
