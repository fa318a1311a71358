import { TOTP } from "otpauth";
import { findSessionWithOwner } from "@/db/queries/sessions.ts";
import type { User } from "@/db/queries/users.ts";
import type { App } from "@/lib/app/app.ts";
import { addPasskey } from "@/lib/auth/factors/add-passkey.ts";
import { confirmTotp } from "@/lib/auth/factors/confirm-totp.ts";
import { startPasskey } from "@/lib/auth/factors/start-passkey.ts";
import { startTotp } from "@/lib/auth/factors/start-totp.ts";
import type { LoggedInCall, Principal } from "@/lib/auth/sessions/principal.ts";
import type { Method } from "@/lib/contract/two-factor.ts";
import { type Authenticator, createAuthenticator } from "./authenticator.ts";
import { challengeOf, type TwoStepWorld } from "./two-step.ts";
import { openSession } from "./wire.ts";

/** An authenticator app that was given a secret. */
export type TotpApp = { secret: string; codeAt(at: Date): string };

/** An app that shows the codes of `secret`. */
export function totpApp(secret: string): TotpApp {
  const totp = new TOTP({ secret, digits: 6, period: 30, algorithm: "SHA1" });
  return { secret, codeAt: (at) => totp.generate({ timestamp: at.getTime() }) };
}

/** Sets an authenticator app up by a call, and returns it with the recovery codes that it brought. */
export async function setUpTotp(call: LoggedInCall): Promise<TotpApp & { recoveryCodes: string[] }> {
  const started = await startTotp(call);
  if (started.kind !== "started") throw new Error(JSON.stringify(started));
  const app = totpApp(started.secret);
  const confirmed = await confirmTotp(call, app.codeAt(call.now));
  if (confirmed.kind !== "confirmed") throw new Error(JSON.stringify(confirmed));
  return { ...app, recoveryCodes: confirmed.recoveryCodes ?? [] };
}

/** Adds a passkey by a call, and returns what holds it. */
export async function setUpPasskey(
  call: LoggedInCall,
  authenticator: Authenticator = createAuthenticator(),
): Promise<Authenticator & { passkeyId: string; recoveryCodes: string[] }> {
  const started = await startPasskey(call);
  if (started.kind !== "started") throw new Error(JSON.stringify(started));
  const credential = authenticator.make(started.options);
  const added = await addPasskey(call, { challenge: started.challenge, credential });
  if (added.kind !== "added") throw new Error(JSON.stringify(added));
  return { ...authenticator, passkeyId: added.passkey.id, recoveryCodes: added.recoveryCodes ?? [] };
}

/** A person's session as the next call would find it. */
async function principalNow(app: App, { session }: Principal): Promise<Principal> {
  const found = await findSessionWithOwner(app.db, session);
  if (!found) throw new Error("the session is gone");
  return found;
}

/** What tests of factors do with people: by default a second after whatever came before. */
export function factorSteps(world: TwoStepWorld) {
  /** A call of somebody who logged in, as they stand now. */
  const callOf = async (principal: Principal, given: Partial<LoggedInCall> = {}) =>
    world.call({ ...given, principal: await principalNow(world.app, principal) });
  return {
    callOf,
    /** Somebody logged in who has no strong factor. */
    async holder(columns: Partial<User> = {}) {
      return openSession(world.app, await world.person(columns));
    },
    /** Somebody logged in with an authenticator app, a minute after it was set up. */
    async withTotp(columns: Partial<User> = {}) {
      const holder = await openSession(world.app, await world.person(columns));
      const totp = await setUpTotp(await callOf(holder));
      world.clock.advance(60);
      return { ...holder, totp, code: () => totp.codeAt(world.clock.now()) };
    },
    /** Somebody logged in with a passkey. */
    async withPasskey(columns: Partial<User> = {}, authenticator?: Authenticator) {
      const holder = await openSession(world.app, await world.person(columns));
      const passkey = await setUpPasskey(await callOf(holder), authenticator);
      world.clock.advance(1);
      return { ...holder, passkey };
    },
    /** The challenge of a log-in with the right password. */
    async begin(user: Pick<User, "email">) {
      world.clock.advance(1);
      return challengeOf(await world.logIn(user));
    },
    byMethod: (challenge: string, method: Exclude<Method, "passkey">, code: string) => ({
      challenge,
      proof: { method, code },
      trustDevice: false,
    }),
  };
}
