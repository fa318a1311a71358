import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import { createSession } from "@/lib/auth/sessions/create-session.ts";
import type { EndReason } from "@/lib/contract/errors.ts";
import { signTokenPair } from "@/lib/tokens/session-tokens.ts";
import { insertPerson } from "./records.ts";
import { LAPTOP, type World } from "./world.ts";

/** What a token says, without asking whether it may. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

export function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

const refusal = (detail: string, reason?: EndReason) => ({
  kind: "failure",
  code: "token_not_valid",
  detail,
  ...(reason && { extra: { reason } }),
});

/** The refusals of the contract, written out, so that a test compares the wire and not the code with itself. */
export const refused = {
  invalid: refusal("Token is invalid"),
  expired: refusal("Token is expired", "expired"),
  wrongType: refusal("Token has wrong type"),
  blacklisted: (reason: EndReason) => refusal("Token is blacklisted", reason),
  bearer: (message: string, reason?: EndReason) => ({
    kind: "failure",
    code: "token_not_valid",
    detail: "Given token not valid for any token type",
    extra: {
      messages: [{ token_class: "AccessToken", token_type: "access", message }],
      ...(reason && { reason }),
    },
  }),
};

/** A session of a person whose proof is complete, without the price of a password hash. */
export async function openSession(app: App, user: User, device: Device = LAPTOP) {
  const now = app.clock.now();
  const session = await app.db.transaction((transaction) =>
    createSession(transaction, { app, device, now }, { user, amr: ["pwd"] }),
  );
  return { user, session, tokens: await signTokenPair(app.tokens.keys, session, app.tokens.policy) };
}

/** Somebody who has just logged in, and what they hold. */
export type Holder = Awaited<ReturnType<typeof openSession>>;

/** A new person on one device. */
export async function someone(world: World): Promise<Holder> {
  return openSession(world.app, await insertPerson(world.db));
}

/** A new person whose browser keeps the tokens in cookies. */
export async function someoneInBrowser(world: World): Promise<Holder> {
  return openSession(world.app, await insertPerson(world.db), { ...LAPTOP, delivery: "cookie" });
}

/** Does `act` so many times at once. */
export function times<Result>(count: number, act: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => act(index)));
}
