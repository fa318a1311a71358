import type { Draft, MessageOf, Site } from "../messages.ts";
import { Layout } from "./layout.tsx";
import { Action, Facts, Note, Paragraph, SideAction } from "./parts.tsx";
import { count, hostOf, linkTo, sayInstant } from "./words.ts";

/** To the owner, after the password was changed or reset. */
export function passwordChanged(message: MessageOf<"password-changed">, site: Site): Draft {
  const subject = "Your password was changed";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          Your account at {hostOf(site)} has a new password. Other devices were logged out and have to log in
          with it.
        </Paragraph>
        <Facts facts={{ Time: sayInstant(message.at) }} />
        <Paragraph>
          If that was you, there is nothing to do. If it wasn't, take your account back now:
        </Paragraph>
        <Action href={linkTo(site, "/forgot-password")}>Choose a new password</Action>
      </Layout>
    ),
  };
}

/** To the owner, after the code at log-in was turned off. */
export function twoStepOff(message: MessageOf<"two-step-off">, site: Site): Draft {
  const subject = "Two-step log-in was turned off";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        <Paragraph>
          Your account at {hostOf(site)} no longer asks for a code by e-mail. From now on the password alone
          logs you in.
        </Paragraph>
        <Facts facts={{ Time: sayInstant(message.at) }} />
        <Paragraph>
          If that was you, there is nothing to do. If it wasn't, choose a new password, which logs out every
          device, and then turn it on again.
        </Paragraph>
        <Action href={linkTo(site, "/forgot-password")}>Choose a new password</Action>
      </Layout>
    ),
  };
}

/** To the old address, with a way back unless an older one has it; or to the new one, which needs none. */
export function addressChanged(message: MessageOf<"address-changed">, site: Site): Draft {
  const subject = "The address of your account was changed";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        {!message.left ? (
          <Paragraph>
            This address now belongs to your account at {hostOf(site)}. Use it to log in; mail about your
            account comes here.
          </Paragraph>
        ) : (
          <>
            <Paragraph>
              Your account at {hostOf(site)} has another address now. You can't log in with this one any more,
              and mail about your account goes to the new one.
            </Paragraph>
            {message.token === undefined ? (
              <Paragraph>If you don't know why, ask whoever runs the site.</Paragraph>
            ) : (
              <UndoTheChange url={linkTo(site, "/undo-email-change", message.token)} days={message.days} />
            )}
          </>
        )}
      </Layout>
    ),
  };
}

function UndoTheChange({ url, days }: { url: string; days: number }) {
  return (
    <>
      <Paragraph>If that was you, there is nothing to do.</Paragraph>
      <Action href={url}>Undo the change</Action>
      <Note>
        Opening that page changes nothing yet. The link works for {count(days, "day")}, and you don't need to
        log in.
      </Note>
    </>
  );
}

/** To both addresses, after a change was undone from the old one: neither has to wonder why it can or can't log in. */
export function addressRestored(message: MessageOf<"address-restored">, site: Site): Draft {
  const subject = "A change of your address was undone";
  return {
    subject,
    body: (
      <Layout title={subject} site={site}>
        {message.lost ? (
          <Paragraph>
            Your account at {hostOf(site)} has its earlier address back, by the link that was sent there. You
            can't log in with this one any more. If you don't know why, ask whoever runs the site.
          </Paragraph>
        ) : (
          <>
            <Paragraph>
              Your account at {hostOf(site)} has this address again. Every device was logged out, and no
              device is trusted any more.
            </Paragraph>
            {message.codeTurnedOn && (
              <Paragraph>
                Two-step log-in was off. It is on again: a code comes to this address at every log-in.
              </Paragraph>
            )}
            <Paragraph>
              Whoever changed the address may know your password. If you have no new one yet:
            </Paragraph>
            <Action href={linkTo(site, "/forgot-password")}>Choose a new password</Action>
          </>
        )}
        <Facts facts={{ Time: sayInstant(message.at) }} />
      </Layout>
    ),
  };
}

/** In place of a code, where the address that was entered already has an account. */
export function accountExists(site: Site): Draft {
  const subject = "You already have an account";
  const host = hostOf(site);
  return {
    subject,
    body: (
      <Layout title={subject} site={site} why={`This address was entered at ${host}.`}>
        <Paragraph>
          Somebody, most likely you, entered this address at {host} as a new one. It already has an account,
          so nothing was changed.
        </Paragraph>
        <Action href={linkTo(site, "/login")}>Log in</Action>
        <Note>
          You don't remember the password?
          <SideAction href={linkTo(site, "/forgot-password")}>Choose a new password</SideAction>
        </Note>
      </Layout>
    ),
  };
}
