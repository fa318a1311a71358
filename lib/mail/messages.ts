import type { ReactElement } from "react";

/** Everything Keyturn writes to people. */
export type Message =
  | CodeMessage
  | { kind: "new-device"; device: string; place: string | null; at: Date; notMeUrl: string; days: number }
  /** `device` is what the used token came back from. */
  | { kind: "token-reused"; device: string; at: Date; sessionsUrl: string }
  | { kind: "codes-closed"; at: Date; minutes: number }
  | { kind: "password-changed"; at: Date }
  | { kind: "two-step-off"; at: Date }
  /** With `undoUrl` to the old address, without it to the new one. */
  | { kind: "address-changed"; undoUrl?: string; days: number }
  /** To the address that has its account back, and to the one that `lost` it. */
  | { kind: "address-restored"; at: Date; lost: boolean }
  | { kind: "reset-link"; url: string; minutes: number }
  | { kind: "account-exists"; logInUrl: string; resetUrl: string }
  | { kind: "invitation"; url: string; days: number }
  | { kind: "test" };

export type CodeMessage = {
  kind: "code";
  code: string;
  purpose: "log-in" | "step-up" | "register" | "email-change";
  minutes: number;
  device?: string | null;
};

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
