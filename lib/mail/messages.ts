import type { ReactElement } from "react";

/** Everything Keyturn writes to people. A `token` is the secret of the link in it. */
export type Message =
  | CodeMessage
  | { kind: "new-device"; device: string; place: string | null; at: Date; token: string; days: number }
  /** `device` is what the used token came back from. */
  | { kind: "token-reused"; device: string; at: Date }
  /** `device` is what the spent secret of a trusted device came back from. */
  | { kind: "device-copied"; device: string; at: Date }
  /** `minutes` is null where only a new password opens code entry again. */
  | { kind: "codes-closed"; at: Date; inARow: number; minutes: number | null }
  | { kind: "password-changed"; at: Date }
  | { kind: "two-step-off"; at: Date }
  | { kind: "factors-changed"; at: Date; change: FactorChange }
  | { kind: "recovery-code-used"; at: Date; left: number }
  /** To the new address, and to the one that was `left`: there with a `token` where it may undo the change. */
  | { kind: "address-changed"; left: boolean; token?: string | undefined; days: number }
  /** To the address that has its account back, and to the one that `lost` it. */
  | { kind: "address-restored"; at: Date; lost: boolean; codeTurnedOn: boolean }
  | { kind: "account-deleted"; at: Date }
  | { kind: "reset-link"; token: string; minutes: number }
  | { kind: "account-exists" }
  | { kind: "invitation"; token: string; days: number }
  | { kind: "test" };

/** What became of somebody's strong factors; `all-removed` by somebody else, `taken-back` by a mailed link. */
export type FactorChange =
  | "totp-on"
  | "totp-off"
  | "passkey-added"
  | "passkey-removed"
  | "codes-made"
  | "all-removed"
  | "taken-back";

export type CodeMessage = {
  kind: "code";
  code: string;
  purpose: "log-in" | "step-up" | "register" | "email-change";
  minutes: number;
  device?: string | null;
};

/** Kinds that tell what has happened, and are worth reading after the account is gone. */
export const NOTICES: readonly Message["kind"][] = [
  "new-device",
  "token-reused",
  "password-changed",
  "two-step-off",
  "factors-changed",
  "recovery-code-used",
  "address-changed",
  "address-restored",
];

/** The message of one kind. */
export type MessageOf<Kind extends Message["kind"]> = Extract<Message, { kind: Kind }>;

/** Where people find this Keyturn. */
export type Site = { appUrl: string };

/** A mail before it is HTML. */
export type Draft = { subject: string; body: ReactElement };

/** A mail as it is sent. */
export type Rendered = { subject: string; text: string; html: string };

/**
 * Writes a message: text and HTML from one template, a code alone on its line of the text (contract §3), a link whole
 * on its line. No subject holds anything that came from outside, so none can carry a code or another header.
 */
export async function renderMessage(message: Message, site: Site): Promise<Rendered> {
  const { draft, render, textFormat, toPlainText } = await loadTemplates();
  const { subject, body } = draft(message, site);
  const html = await render(body);
  return { subject, html, text: `${toPlainText(html, textFormat).trim()}\n` };
}

/**
 * Loads React and the templates, which is not done at the start of a process: React chooses its build when it is
 * loaded, and `setMode` comes before that. Whoever serves calls this early, so that no first mail has to wait for it.
 */
export async function loadTemplates() {
  const [{ render, toPlainText }, { draft }, { textFormat }] = await Promise.all([
    import("@react-email/render"),
    import("./templates/draft.ts"),
    import("./templates/text.ts"),
  ]);
  return { draft, render, textFormat, toPlainText };
}
