import { openChallenge } from "@/lib/auth/open-challenge.ts";
import { trustDevice } from "@/lib/auth/trust-device.ts";
import { EXAMPLE } from "@/lib/contract/api/examples.ts";
import type { Operation } from "@/lib/contract/api/operation.ts";
import { randomToken } from "@/lib/crypto.ts";
import { send } from "./http.ts";
import { claimsOf, logIn, makePerson, type Person } from "./people.ts";
import type { Server } from "./server.ts";

/** What the placeholders of an example stand for once it is sent. */
type Meaning = Partial<Record<keyof typeof EXAMPLE, string>>;
type Preparation = (server: Server, person: Person) => Promise<Meaning>;

const LINK_SECONDS = 600;

/** What has to be there before the example of an operation can succeed; nothing but a log-in where none is named. */
const preparations: Record<string, Preparation> = {
  answerChallenge: waitingLogIn,
  async resendCode(server, person) {
    const waiting = await waitingLogIn(server, person);
    const { db } = await server.app();
    await db.$client`update challenges set sent_at = sent_at - interval '2 minutes' where user_id = ${person.id}`;
    return waiting;
  },
  async forgetTrustedDevice(server, person) {
    const { db, clock } = await server.app();
    await trustDevice(db, person.id, { ip: null, userAgent: "curl/8" }, clock.now());
    const [row] = await db.$client`select id from trusted_devices where user_id = ${person.id}`;
    return { id: row?.id };
  },
  disownLogIn: (server, person) => mailedLink(server, person, "not-me"),
  resetPassword: (server, person) => mailedLink(server, person, "password-reset"),
};

/** Somebody new who is logged in, and whatever else the example of `operation` needs. */
export async function prepare(
  server: Server,
  { id, auth }: Operation,
): Promise<{ person: Person; means: Meaning }> {
  const person = await makePerson(server, auth === "admin" ? { role: "admin" } : {});
  const { access, refresh } = await logIn(server, person);
  const usual = {
    email: person.email,
    newEmail: `${randomToken(9).toLowerCase().replace(/\W/g, "x")}@example.com`,
    password: person.password,
    access,
    refresh,
    id: String(claimsOf(access).sid),
  };
  return { person, means: { ...usual, ...(await preparations[id]?.(server, person)) } };
}

/** An example as it is sent: each placeholder is what it stands for. */
export function meant<Value>(example: Value, means: Meaning): Value {
  const real = new Map(Object.entries(EXAMPLE).map(([name, text]) => [text, means[name as keyof Meaning]]));
  const sent = JSON.stringify(example, (_, value) =>
    typeof value === "string" ? (real.get(value as never) ?? value) : value,
  );
  return sent === undefined ? example : JSON.parse(sent);
}

async function waitingLogIn(server: Server, { id, email, password }: Person): Promise<Meaning> {
  const { db } = await server.app();
  await db.$client`update users set two_factor_email = true where id = ${id}`;
  const asked = await send(server, "POST /api/token", { json: { email, password } });
  return { challenge: (asked.body as { challenge: string }).challenge, code: await lastCode(server, email) };
}

/** The newest code that was mailed to an address. */
async function lastCode(server: Server, email: string): Promise<string> {
  const mailbox = await send(server, `GET /api/dev/mailbox?to=${encodeURIComponent(email)}`);
  const { results } = mailbox.body as { results: { text: string }[] };
  const codes = results.flatMap(({ text }) => text.match(/^\d{6}$/m) ?? []);
  if (codes[0] === undefined) throw new Error(`no code was mailed to ${email}`);
  return codes[0];
}

async function mailedLink(
  server: Server,
  { id }: Person,
  purpose: "not-me" | "password-reset",
): Promise<Meaning> {
  const { db, clock } = await server.app();
  const link = { purpose, userId: id, lifetimeSeconds: LINK_SECONDS };
  return { linkToken: await openChallenge(db, link, clock.now()) };
}
