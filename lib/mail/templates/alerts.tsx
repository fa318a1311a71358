import type { Draft, MessageOf, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Action, Facts, Note, Paragraph } from "./parts.tsx";
import { count, hostOf, linkTo, sayInstant } from "./words.ts";

/** A log-in from a kind of device that the person had not used before. */
export function newDevice(message: MessageOf<"new-device">, site: Site): Draft {
  const subject = "New log-in to your account";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          Your account at {hostOf(site)} was logged in to from a device that is new to us.
        </Paragraph>
        <Facts facts={{ Device: message.device, Place: message.place, Time: sayInstant(message.at) }} />
        <Paragraph>If that was you, there is nothing to do.</Paragraph>
        <Action href={linkTo(site, "/not-me", message.token)}>This wasn't me</Action>
        <Note>
          Opening that page changes nothing yet. One button on it logs out every device and leads to a new
          password. The link works for {count(message.days, "day")}, once, and you don't need to log in.
        </Note>
      </Layout>
    ),
  };
}

/** A used token came back, and its session was ended. Says what is known, and that it may be harmless. */
export function tokenReused(message: MessageOf<"token-reused">, site: Site): Draft {
  const subject = "We logged a device out to protect you";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          What keeps one of your devices logged in at {hostOf(site)} was used a second time. That happens when
          somebody has copied it, and now and then when an answer is lost on its way. We can't tell which it
          was, so that device was logged out.
        </Paragraph>
        <Facts facts={{ "Used from": message.device, Time: sayInstant(message.at) }} />
        <Paragraph>
          To go on there, log in again. If you don't know the device above, or if this happens again, log out
          everywhere and choose a new password.
        </Paragraph>
        <Action href={linkTo(site, "/account/sessions")}>See your devices</Action>
      </Layout>
    ),
  };
}

/** Ten or more wrong codes in a row: code entry is closed, for a while or until there is a new password. */
export function codesClosed(message: MessageOf<"codes-closed">, site: Site): Draft {
  const subject = "Too many wrong codes for your account";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          {message.inARow} wrong codes in a row were typed for your account at {hostOf(site)}.{" "}
          {closedFor(message.minutes)}
        </Paragraph>
        <Facts facts={{ Time: sayInstant(message.at) }} />
        <Paragraph>
          If that was you, {message.minutes === null ? "choose a new password" : "wait"} and then ask for a
          new code. If it wasn't, somebody who knows your password, or uses a device on which you are logged
          in, is guessing. None of these codes let anybody in.
        </Paragraph>
        <Action href={linkTo(site, "/forgot-password")}>Choose a new password</Action>
      </Layout>
    ),
  };
}

function closedFor(minutes: number | null): string {
  if (minutes === null) return "It accepts no code at all until you choose a new password.";
  const time = minutes % 60 === 0 ? count(minutes / 60, "hour") : count(minutes, "minute");
  return `For the next ${time} it accepts no code at all; after that everything works as before.`;
}

/** A spent secret of a trusted device came back, and the device was forgotten. */
export function deviceCopied(message: MessageOf<"device-copied">, site: Site): Draft {
  const subject = "A device is no longer trusted";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          What lets one of your devices log in at {hostOf(site)} without a code was used a second time, with
          your password. That happens when somebody has copied it, and now and then when an answer is lost on
          its way. We can't tell which it was, so that device is asked for a code again.
        </Paragraph>
        <Facts facts={{ "Used from": message.device, Time: sayInstant(message.at) }} />
        <Paragraph>
          If you don't know the device above, log out everywhere and choose a new password.
        </Paragraph>
        <Action href={linkTo(site, "/account/sessions")}>See your devices</Action>
      </Layout>
    ),
  };
}
