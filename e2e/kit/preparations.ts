import type { ChallengePurpose } from "@/db/queries/challenges.ts";
import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { openChallenge } from "@/lib/auth/challenges/open-challenge.ts";
import { trustDevice } from "@/lib/auth/devices/trust-device.ts";
import { inviteUser } from "@/lib/auth/registration/invite-user.ts";
import { EXAMPLE } from "@/lib/reference/operations/examples.ts";
import type { Operation } from "@/lib/reference/operations/operation.ts";
import { createAuthenticator } from "@/lib/testing/authenticator.ts";
import { totpApp } from "@/lib/testing/factors.ts";
import { type Answer, send } from "./http.ts";
import { claimsOf, logIn, makePerson, newAddress, PASSWORD, type Person } from "./people.ts";
import type { Server } from "./server.ts";

/** What the placeholders of an example stand for once it is sent. */
type Meaning = Partial<Record<keyof typeof EXAMPLE, string>>;
type Preparation = (server: Server, person: Person & { access: string }) => Promise<Meaning>;

const LINK_SECONDS = 600;

/** What has to be there before the example of an operation can succeed; nothing but a log-in where none is named. */
const preparations: Record<string, Preparation> = {
  answerChallenge: waitingLogIn,
  resendCode: afterAMinute(waitingLogIn),
  async confirmTotp(server, { access }) {
    const { body } = await send(server, "POST /api/two-factor/totp", { bearer: access });
    const { clock } = await server.app();
    return { code: totpApp((body as { secret: string }).secret).codeAt(clock.now()) };
  },
  replaceRecoveryCodes: async (server, { access }) => (await addPasskey(server, access)).means,
  logInWithPasskey: passkeyAlone,
  async startPasskeyProof(server, person) {
    await addPasskey(server, person.access);
    const { email, password } = person;
    const { body } = await send(server, "POST /api/token", { json: { email, password } });
    return { challenge: (body as { challenge: string }).challenge };
  },
  addPasskey: async (server, { access }) => (await madePasskey(server, access)).means,
  namePasskey: async (server, { access }) => (await addPasskey(server, access)).means,
  removePasskey: async (server, { access }) => (await addPasskey(server, access)).means,
  async forgetTrustedDevice(server, person) {
    const { db, clock } = await server.app();
    await trustDevice(db, person.id, { device: { ip: null, userAgent: "curl/8" }, now: clock.now() });
    const [row] = await db.$client`select id from trusted_devices where user_id = ${person.id}`;
    return { id: row?.id };
  },
  verifyRegistration: waitingRegistration,
  resendRegistrationCode: afterAMinute(waitingRegistration),
  acceptInvitation: invitation,
  verifyEmailChange: waitingEmailChange,
  resendEmailChangeCode: afterAMinute(waitingEmailChange),
  undoEmailChange: (server, person) =>
    mailedLink(server, person, "undo-email-change", { email: newAddress() }),
  showPerson: somebodyElse,
  changePerson: somebodyElse,
  logOutPerson: somebodyElse,
  removeFactorsOf: somebodyElse,
  showApplication: someApplication,
  removeApplication: someApplication,
  replaceSecret: someApplication,
  replaceWebhookSecret: someApplication,
  listDeliveries: someApplication,
  sendDeliveriesAgain: someApplication,
  showAnySession: sessionOfSomebodyElse,
  revokeAnySession: sessionOfSomebodyElse,
  forgotPasswordAgain: (server, person) => mailedLink(server, person, "password-reset"),
  disownLogIn: (server, person) => mailedLink(server, person, "not-me", { email: person.email }),
  resetPassword: (server, person) => mailedLink(server, person, "password-reset"),
};

/** An application that can keep a secret. */
async function someApplication(server: Server): Promise<Meaning> {
  const app = await server.app();
  const asked = {
    name: "My shop",
    redirect_addresses: ["https://shop.example.com/callback"],
    confidential: true,
    webhook_address: "http://127.0.0.1:9/webhook",
  };
  const { client_id: id } = await addApplication({ app, now: app.clock.now() }, asked);
  return { id };
}

/** Somebody new who is logged in, and whatever else the example of `operation` needs. */
export async function prepare(
  server: Server,
  { id, auth }: Operation,
): Promise<{ person: Person; means: Meaning }> {
  const person = await makePerson(server, auth === "admin" ? { role: "admin" } : {});
  const { access, refresh } = await logIn(server, person);
  const usual = {
    email: person.email,
    newEmail: newAddress(),
    password: person.password,
    access,
    refresh,
    id: String(claimsOf(access).sid),
  };
  return { person, means: { ...usual, ...(await preparations[id]?.(server, { ...person, access })) } };
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
  return waitingCode(server, email, asked);
}

type Asked = { challenge: string; options: { challenge: string; user: { id: string } } };

/** A passkey that was made and not yet sent. */
async function madePasskey(server: Server, access: string) {
  const { settings } = await server.app();
  const authenticator = createAuthenticator({ origin: settings.APP_URL });
  const { body } = await send(server, "POST /api/passkeys/options", { bearer: access });
  const { challenge, options } = body as Asked;
  const { id, response } = authenticator.make(options);
  const means = {
    challenge,
    credentialId: id,
    clientData: response.clientDataJSON,
    attestation: response.attestationObject,
  };
  return { authenticator, means, credential: authenticator.make(options) };
}

/** The same, added; `id` is the passkey's. */
async function addPasskey(server: Server, access: string) {
  const { authenticator, means, credential } = await madePasskey(server, access);
  const json = { challenge: means.challenge, credential };
  const added = await send(server, "POST /api/passkeys", { json, bearer: access });
  return { authenticator, means: { id: (added.body as { passkey: { id: string } }).passkey.id } };
}

/** What somebody's passkey signed to log them in. */
async function passkeyAlone(server: Server, { access }: { access: string }): Promise<Meaning> {
  const { authenticator } = await addPasskey(server, access);
  const { body } = await send(server, "POST /api/token/passkey/options");
  const { challenge, options } = body as Asked;
  const { id, response } = authenticator.sign(options);
  return {
    challenge,
    credentialId: id,
    clientData: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    userHandle: response.userHandle ?? "",
  };
}

/** The newest code that was mailed to an address. */
async function lastCode(server: Server, email: string): Promise<string> {
  const mailbox = await send(server, `GET /api/dev/mailbox?to=${encodeURIComponent(email)}`);
  const { results } = mailbox.body as { results: { text: string }[] };
  const codes = results.flatMap(({ text }) => text.match(/^\d{6}$/m) ?? []);
  if (codes[0] === undefined) throw new Error(`no code was mailed to ${email}`);
  return codes[0];
}

/** Somebody new who was sent a code. */
async function waitingRegistration(server: Server): Promise<Meaning> {
  const email = newAddress();
  return waitingCode(
    server,
    email,
    await send(server, "POST /api/register", { json: { email, password: PASSWORD } }),
  );
}

async function waitingEmailChange(
  server: Server,
  { access, password }: Person & { access: string },
): Promise<Meaning> {
  const email = newAddress();
  const asking = { json: { email, password }, bearer: access };
  return waitingCode(server, email, await send(server, "POST /api/email/change", asking));
}

async function waitingCode(server: Server, email: string, { body }: Answer): Promise<Meaning> {
  return { challenge: (body as { challenge: string }).challenge, code: await lastCode(server, email) };
}

/** The same when another mail may be asked for. */
function afterAMinute(wait: Preparation): Preparation {
  return async (server, person) => {
    const waiting = await wait(server, person);
    const { db } = await server.app();
    await db.$client`update challenges set sent_at = sent_at - interval '2 minutes'`;
    return waiting;
  };
}

async function invitation(server: Server): Promise<Meaning> {
  const app = await server.app();
  const invited = await inviteUser({ app, now: app.clock.now() }, null, { email: newAddress() }, null);
  if (invited.kind !== "invited") throw new Error(`nobody was invited: ${invited.kind}`);
  return mailedLink(server, invited.user, "invitation");
}

async function somebodyElse(server: Server): Promise<Meaning> {
  return { id: (await makePerson(server)).id };
}

async function sessionOfSomebodyElse(server: Server): Promise<Meaning> {
  const { access } = await logIn(server, await makePerson(server));
  return { id: String(claimsOf(access).sid) };
}

/** The secret of a link, as a mail would bring it. */
async function mailedLink(
  server: Server,
  { id }: { id: string },
  purpose: ChallengePurpose,
  pending?: { email: string },
): Promise<Meaning> {
  const { db, clock } = await server.app();
  const link = { purpose, userId: id, pending, lifetimeSeconds: LINK_SECONDS };
  return { linkToken: await openChallenge(db, link, clock.now()) };
}
