import { expect } from "@playwright/test";
import { createUser, type NewUser } from "@/lib/auth/registration/create-user.ts";
import { randomToken } from "@/lib/base/crypto.ts";
import { send } from "./http.ts";
import { keepSecrets } from "./secrets.ts";
import type { Server } from "./server.ts";

export const PASSWORD = "correct horse battery";

export type Pair = { access: string; refresh: string };
export type Person = { id: string; email: string; password: string };

/** An address that nobody has. */
export function newAddress(): string {
  return `${randomToken(9).toLowerCase().replace(/\W/g, "x")}@example.com`;
}

/** A person with an account of their own, whose address is proven. */
export async function makePerson(server: Server, facts: Partial<NewUser> = {}): Promise<Person> {
  const app = await server.app();
  const email = newAddress();
  const account = { email, password: PASSWORD, twoFactorEmail: false, ...facts };
  const made = await createUser({ app, now: app.clock.now() }, account);
  keepSecrets(account.password);
  if (made.kind !== "created") throw new Error(`no person was made: ${JSON.stringify(made)}`);
  return { id: made.user.id, email: account.email, password: account.password };
}

/** Logs a person in and returns what they hold. */
export async function logIn(server: { origin: string }, { email, password }: Person): Promise<Pair> {
  const answer = await send(server, "POST /api/token", { json: { email, password } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Pair;
}

/** Somebody new who has just logged in. */
export async function enter(server: Server): Promise<Person & Pair> {
  const person = await makePerson(server);
  return { ...person, ...(await logIn(server, person)) };
}

/** Exchanges a refresh token and returns the new pair. */
export async function refresh(server: { origin: string }, token: string): Promise<Pair> {
  const answer = await send(server, "POST /api/token/refresh", { json: { refresh: token } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as Pair;
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
