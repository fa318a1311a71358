import type { App } from "@/lib/app/app.ts";
import { type KeptMail, readMailbox } from "@/lib/mail/read-mailbox.ts";

const CODE_LINE = /^\d{6}$/;

/** The mail to one address, newest first, as its owner would read it. */
export async function mailsTo(app: App, email: string): Promise<KeptMail[]> {
  const mailbox = await readMailbox(app, email);
  if (mailbox.kind === "failure") throw new Error(`the mailbox is closed: ${mailbox.code}`);
  return mailbox.results;
}

/** The subjects of the mail to one address, newest first. */
export async function subjectsTo(app: App, email: string): Promise<string[]> {
  return (await mailsTo(app, email)).map(({ subject }) => subject);
}

/** Every code mailed to one address, the newest first. */
export async function codesTo(app: App, email: string): Promise<string[]> {
  return (await mailsTo(app, email)).flatMap(codesIn);
}

/** The code of the newest mail that has one. Throws where two mails are equally new, for none is the last then. */
export async function lastCodeTo(app: App, email: string): Promise<string> {
  const [newest, next] = (await mailsTo(app, email)).filter((mail) => codesIn(mail).length > 0);
  const [code, ...more] = newest ? codesIn(newest) : [];
  if (!newest || code === undefined || more.length > 0) throw new Error(`no mail with one code to ${email}`);
  if (next?.created_at === newest.created_at) throw new Error(`two codes at one moment to ${email}`);
  return code;
}

/** The secret in the newest link to `path`. */
export async function lastTokenTo(app: App, email: string, path: string): Promise<string> {
  const start = `${app.settings.APP_URL}${path}?token=`;
  const lines = (await mailsTo(app, email)).flatMap(({ text }) => text.split("\n"));
  const link = lines.find((line) => line.startsWith(start));
  if (link === undefined) throw new Error(`no mail to ${email} holds a link to ${path}`);
  return link.slice(start.length);
}

/** A code stands alone on its line (contract §3). */
function codesIn({ text }: KeptMail): string[] {
  return text.split("\n").filter((line) => CODE_LINE.test(line));
}
