import { describe, expect, it } from "vitest";
import { epochSeconds } from "@/lib/base/clock.ts";
import { lastCodeTo, lastTokenTo } from "@/lib/testing/mailbox.ts";
import { sessionRow, sessionsOf, userRow } from "@/lib/testing/records.ts";
import {
  asTyped,
  challengesOf,
  createTwoStepWorld,
  entered,
  notThe,
  PHONE,
  THIEF,
  trustedDevicesOf,
} from "@/lib/testing/two-step.ts";
import { claimsOf } from "@/lib/testing/wire.ts";
import { LAPTOP, PASSWORD } from "@/lib/testing/world.ts";
import { openChallenge } from "./challenges/open-challenge.ts";
import { disownLogIn } from "./devices/disown-log-in.ts";
import { forgetTrustedDevice } from "./devices/trust-device.ts";
import { resendCode } from "./factors/resend-code.ts";
import { startStepUp, stepUpWithPassword, stepUpWithProof } from "./log-in/step-up.ts";
import { resetPassword } from "./password/reset-password.ts";
import { blacklistToken } from "./rotation/blacklist-token.ts";
import { refreshSession } from "./rotation/refresh-session.ts";
import { verifyToken } from "./rotation/verify-token.ts";
import { authenticate } from "./sessions/authenticate.ts";
import { logOut, logOutToken } from "./sessions/log-out.ts";

const world = createTwoStepWorld();

/**
 * A person who holds one of everything: logged in on a trusted laptop, half-way in on a phone, half-way through a
 * step-up, with a "wasn't me" link and a reset link in their mail.
 */
async function everything() {
  const user = await world.person();
  const first = await world.start(user);
  const inside = entered(await world.answer(first.challenge, first.code, { trustDevice: true }));
  const second = await world.start(user, { device: THIEF });
  entered(await world.answer(second.challenge, second.code, { device: THIEF }));
  const notMe = await lastTokenTo(world.app, user.email, "/not-me");
  const pending = await world.start(user, { device: PHONE });
  const principal = { user, session: inside.session };
  const confirmation = await confirm(principal);
  const link = { purpose: "password-reset", userId: user.id, lifetimeSeconds: 1800 } as const;
  const reset = await openChallenge(world.db, link, world.clock.now());
  world.clock.advance(61);
  const [device] = await trustedDevicesOf(world.db, user.id);
  const rows = await challengesOf(world.db, user.id);
  const row = rows.find(({ purpose, consumedAt }) => purpose === "log-in" && !consumedAt);
  const secrets = {
    "access token": inside.tokens.access,
    "refresh token": inside.tokens.refresh,
    "challenge of a log-in": pending.challenge,
    "challenge of a step-up": confirmation.challenge,
    '"wasn\'t me" secret': notMe,
    "reset secret": reset,
    "secret of a trusted device": inside.deviceToken ?? "",
    "code of a log-in": pending.code,
    "code of a step-up": confirmation.code,
    password: PASSWORD,
    "id of a session": inside.session.id,
    "id of a person": user.id,
    "id of a challenge": row?.id ?? "",
    "id of a trusted device": device?.id ?? "",
    "jti of an access token": String(claimsOf(inside.tokens.access).jti),
    "jti of a refresh token": String(claimsOf(inside.tokens.refresh).jti),
    "kept hash of a challenge": row?.tokenHash.toString("base64url") ?? "",
    "kept hash of a challenge, in hexadecimal": row?.tokenHash.toString("hex") ?? "",
    "kept hash of a code": row?.codeHash?.toString("base64url") ?? "",
    "kept hash of a trusted device": device?.secretHash.toString("base64url") ?? "",
    "kept hash of a password": user.passwordHash ?? "",
    "e-mail address": user.email,
  };
  return { user, principal, secrets };

  async function confirm(caller: typeof principal) {
    world.clock.advance(1);
    const sent = await startStepUp(world.call({ principal: caller }));
    if (sent.kind !== "asked") throw new Error(JSON.stringify(sent));
    const code = await lastCodeTo(world.app, user.email);
    if (code === pending.code) return confirm(caller);
    return { challenge: sent.challenge.challenge, code };
  }
}

type Everything = Awaited<ReturnType<typeof everything>>;
type Kind = keyof Everything["secrets"];

/** Presents a secret where something is redeemed, with everything else right that can be; says whether it opened. */
type Door = (held: Everything, secret: string) => Promise<boolean>;

const now = () => world.clock.now();
const otherKinds = ["challenge of a log-in", "challenge of a step-up"] as const;
const codes = ["code of a log-in", "code of a step-up"] as const;

const doors = {
  "answering a challenge": async ({ secrets }, secret) => {
    const opened = [];
    for (const code of codes) opened.push(await world.answer(secret, secrets[code]));
    return opened.some(({ kind }) => kind === "logged-in");
  },
  "the code of an answer": async ({ secrets }, secret) => {
    const opened = [];
    for (const challenge of otherKinds) opened.push(await world.answer(secrets[challenge], secret));
    return opened.some(({ kind }) => kind === "logged-in");
  },
  "another mail": async (_, secret) =>
    (await resendCode(world.call({ now: now() }), { secret, purpose: "log-in" })).kind === "sent",
  "confirming a step-up": async ({ principal, secrets }, secret) => {
    const opened = [];
    for (const code of codes) {
      const answer = { challenge: secret, code: secrets[code] };
      opened.push(await stepUpWithProof(world.call({ principal, now: now() }), asTyped(answer)));
    }
    return opened.some(({ kind }) => kind === "stepped-up");
  },
  "the code of a step-up": async ({ principal, secrets }, secret) => {
    const opened = [];
    for (const challenge of otherKinds) {
      const answer = { challenge: secrets[challenge], code: secret };
      opened.push(await stepUpWithProof(world.call({ principal, now: now() }), asTyped(answer)));
    }
    return opened.some(({ kind }) => kind === "stepped-up");
  },
  "the password of a step-up": async ({ principal }, secret) =>
    (await stepUpWithPassword(world.call({ principal, now: now() }), secret)).kind === "stepped-up",
  '"wasn\'t me"': async (_, secret) =>
    (await disownLogIn(world.call({ now: now() }), secret)).kind === "disowned",
  "a password reset": async (_, token) => {
    const input = { token, password: "another good pass phrase" };
    return (await resetPassword(world.call({ now: now() }), input)).kind === "reset";
  },
  "a refresh": async (_, token) => {
    const input = { token, delivery: "cookie", retryKey: null, device: LAPTOP } as const;
    return (await refreshSession(world.call({ now: now() }), input)).kind === "refreshed";
  },
  blacklisting: async (_, token) =>
    (await blacklistToken(world.call({ now: now() }), token)).kind === "blacklisted",
  verifying: async (_, token) =>
    (await verifyToken(world.call({ now: now() }), { token, live: false })).kind === "good",
  "verifying that it is live": async (_, token) =>
    (await verifyToken(world.call({ now: now() }), { token, live: true })).kind === "good",
  "every logged-in call": async (_, token) =>
    (await authenticate(world.call({ now: now() }), token)).kind === "authenticated",
  "a log-out by token": async ({ principal }, token) =>
    (await logOutToken(world.call({ principal, now: now() }), token)).kind === "logged-out",
  "a log-out by what the caller holds as access token": ({ principal }, access) =>
    endsSession(principal, () => logOut(world.call({ now: now() }), { access, refresh: null })),
  "a log-out by what the caller holds as refresh token": ({ principal }, refresh) =>
    endsSession(principal, () => logOut(world.call({ now: now() }), { access: null, refresh })),
  "the trusted device of a log-in": async ({ user }, deviceToken) =>
    (await world.logIn(user, { deviceToken })).kind === "logged-in",
  "the password of a log-in": async ({ user }, password) => {
    const outcome = await world.logIn(user, { password });
    return outcome.kind === "logged-in" || outcome.kind === "two-factor-required";
  },
} satisfies Record<string, Door>;

type DoorName = keyof typeof doors;

async function endsSession({ session }: Everything["principal"], act: () => Promise<unknown>) {
  await act();
  return (await sessionRow(world.db, session.id)).revokedAt !== null;
}

/** Where each secret belongs. What is not named opens nothing. */
const own: Partial<Record<Kind, DoorName[]>> = {
  "access token": [
    "verifying",
    "verifying that it is live",
    "every logged-in call",
    "a log-out by what the caller holds as access token",
  ],
  "refresh token": [
    "a refresh",
    "blacklisting",
    "verifying",
    "verifying that it is live",
    "a log-out by token",
    "a log-out by what the caller holds as refresh token",
  ],
  "challenge of a log-in": ["answering a challenge", "another mail"],
  "challenge of a step-up": ["confirming a step-up"],
  '"wasn\'t me" secret': ['"wasn\'t me"'],
  "reset secret": ["a password reset"],
  "secret of a trusted device": ["the trusted device of a log-in"],
  "code of a log-in": ["the code of an answer"],
  "code of a step-up": ["the code of a step-up"],
  password: ["the password of a step-up", "the password of a log-in"],
};

const kinds: Kind[] = [
  "access token",
  "refresh token",
  "challenge of a log-in",
  "challenge of a step-up",
  '"wasn\'t me" secret',
  "reset secret",
  "secret of a trusted device",
  "code of a log-in",
  "code of a step-up",
  "password",
  "id of a session",
  "id of a person",
  "id of a challenge",
  "id of a trusted device",
  "jti of an access token",
  "jti of a refresh token",
  "kept hash of a challenge",
  "kept hash of a challenge, in hexadecimal",
  "kept hash of a code",
  "kept hash of a trusted device",
  "kept hash of a password",
  "e-mail address",
];
const doorNames = Object.keys(doors) as DoorName[];
const belongs = (kind: Kind, door: DoorName) => own[kind]?.includes(door) ?? false;

describe.each(kinds)("the %s", (kind) => {
  it("opens no door but its own, and what was presented elsewhere is none the worse", async () => {
    const held = await everything();
    const before = await stateOf(held);
    for (const door of doorNames.filter((name) => !belongs(kind, name))) {
      const opened = await doors[door](held, held.secrets[kind]);
      expect({ door, opened }).toEqual({ door, opened: false });
    }
    expect(await stateOf(held)).toEqual(before);
  });

  it("opens its own, each once it is shown there", async () => {
    for (const door of own[kind] ?? []) {
      const held = await everything();
      const opened = await doors[door](held, held.secrets[kind]);
      expect({ door, opened }).toEqual({ door, opened: true });
    }
  });

  /** All that a misplaced secret could have changed; tries are spent where a code is answered by another one. */
  async function stateOf({ user, principal }: Everything) {
    const challenges = await challengesOf(world.db, user.id);
    return {
      sessions: await sessionsOf(world.db, user.id),
      devices: await trustedDevicesOf(world.db, user.id),
      challenges: challenges
        .filter(({ createdAt }) => createdAt < now())
        .map(({ id, codeHash, sendsLeft, consumedAt }) => ({ id, codeHash, sendsLeft, consumedAt })),
      passwordHash: (await userRow(world.db, user.id)).passwordHash,
      principal: await sessionRow(world.db, principal.session.id),
    };
  }
});

it("the matrix names every secret and door there is", async () => {
  const held = await everything();
  expect(Object.keys(held.secrets).sort()).toEqual([...kinds].sort());
  expect(doorNames).toHaveLength(18);
});

describe("who is half-way in", () => {
  it("holds nothing that any logged-in call takes, and leaves no session behind", async () => {
    const user = await world.person();
    const { challenge, code } = await world.start(user);
    await world.answer(challenge, notThe(code));
    for (const secret of [challenge, code, `${challenge}.${code}`]) {
      expect(await authenticate(world.call({ now: now() }), secret)).toMatchObject({
        code: "token_not_valid",
      });
      expect(await verifyToken(world.call({ now: now() }), { token: secret, live: false })).toMatchObject({
        code: "token_not_valid",
      });
    }
    expect(await sessionsOf(world.db, user.id)).toEqual([]);
    expect(await trustedDevicesOf(world.db, user.id)).toEqual([]);
    expect((await userRow(world.db, user.id)).lastLoginAt).toBeNull();
  });

  it("can't step up with a challenge of their own, on a session that is not theirs", async () => {
    const held = await everything();
    const stranger = await world.person();
    const { challenge, code } = await world.start(stranger);
    const answer = { challenge, code };
    const before = epochSeconds((await sessionRow(world.db, held.principal.session.id)).authenticatedAt);
    expect(
      await stepUpWithProof(
        world.call({ principal: held.principal, device: THIEF, now: now() }),
        asTyped(answer),
      ),
    ).toMatchObject({
      code: "challenge_not_valid",
    });
    const after = epochSeconds((await sessionRow(world.db, held.principal.session.id)).authenticatedAt);
    expect(after).toBe(before);
  });

  it("can't forget a device of whoever they are half-way in as: that takes a principal, by its own id", async () => {
    const [held, other] = [await everything(), await everything()];
    const id = other.secrets["id of a trusted device"];
    expect(await forgetTrustedDevice(world.call({ principal: held.principal }), id)).toMatchObject({
      code: "not_found",
    });
    expect(await trustedDevicesOf(world.db, other.user.id)).toHaveLength(1);
  });
});
