import type { IncomingMessage, ServerResponse } from "node:http";

/** What an access token says of the person who calls. It holds no address, name or role. */
export type AccessClaims = {
  token_type: "access";
  /** The person: an id that never changes. */
  sub: string;
  /** The session, which a log-out ends. */
  sid: string;
  /** When the token runs out, in seconds since the epoch (RFC 7519 §2). */
  exp: number;
  [claim: string]: unknown;
};

/**
 * Why a token is refused.
 *
 * - `invalid`: no access token of this issuer for this service, or a forged one
 * - `expired`: it was one, and has run out
 * - `revoked`: its session has ended; `reason` says how
 * - `stale`: what has ended is not known at the moment, and `whenStale` doesn't let it pass
 * - `unavailable`: the keys have never been read, and can't be read now
 *
 * The last two are no fault of the caller's: the same token may be good in a moment.
 */
export type RefusalCode = "invalid" | "expired" | "revoked" | "stale" | "unavailable";

/** What `verify` rejects with. */
export class TokenRefused extends Error {
  constructor(code: RefusalCode, reason?: string | null);
  readonly name: "TokenRefused";
  readonly code: RefusalCode;
  /** How the session of a revoked token ended: `logged_out`, `password_changed` …; null where that is unknown. */
  readonly reason: string | null;
}

/** What keeps a verifier from hearing of ended sessions. It is told when it begins, and goes on by itself. */
export type Fault = {
  /** `credentials`: `id` or `secret` is wrong, or the application has no secret. `unreachable`: everything else. */
  code: "credentials" | "unreachable";
  message: string;
};

/** What becomes of a good token while ended sessions are not known for certain. */
export type WhenStale =
  /** No token passes. */
  | "refuse"
  /** It passes unless its session is known to have ended: a log-out may be missed until the token runs out. */
  | "accept"
  /** Keyturn is asked about it, and it doesn't pass where no answer comes (RFC 7662). */
  | "ask";

export type RevocationOptions = {
  /** Keyturn's address, such as `https://login.example.com`. */
  url: string | URL;
  /** The `client_id` of a confidential application. */
  id: string;
  /** Its secret. */
  secret: string;
  whenStale: WhenStale;
  /** How long after the last complete word of Keyturn's what is known counts as stale. 30 where left out. */
  staleAfterSeconds?: number;
  /** Hears what is wrong, once until it is right again. Where left out it is a warning of the process. */
  onFault?(fault: Fault): void;
};

export type VerifierOptions = {
  /** `iss` of the tokens: Keyturn's `ISSUER`, or `APP_URL` where that is unset. */
  issuer: string;
  /** This service's name in Keyturn's `AUDIENCE`. A token that names an audience doesn't pass without it. */
  audience?: string | readonly string[];
  /** The address of Keyturn's public keys, `…/.well-known/jwks.json`; or the secret that it shares under HS*. */
  keys: string | URL | Uint8Array;
  /** Where ended sessions are heard of. Where left out, a token of an ended session passes until it runs out. */
  revocations?: RevocationOptions;
};

/** What the Express handler needs of a request and sets on it. */
export type ExpressRequest = IncomingMessage & { auth?: AccessClaims };

/** What the Fastify hook needs of a request and sets on it. */
export type FastifyRequest = { headers: IncomingMessage["headers"]; auth?: AccessClaims };

/** What the Fastify hook needs of a reply. */
export type FastifyReply = {
  code(status: number): FastifyReply;
  headers(headers: Record<string, string>): FastifyReply;
  send(body: string): unknown;
};

export type Verifier = {
  /** The claims of a good access token. Rejects with `TokenRefused` for anything else, and for no other cause. */
  verify(token: string): Promise<AccessClaims>;
  /** `app.use(verifier.express)`: sets `req.auth`, or answers 401 or 503 (RFC 6750 §3). */
  express(request: ExpressRequest, response: ServerResponse, next: (fault?: unknown) => void): Promise<void>;
  /** `fastify.addHook("onRequest", verifier.fastify)`: sets `request.auth`, or answers 401 or 503 (RFC 6750 §3). */
  fastify(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /** The caller's claims, or the answer to give in their place: 401 or 503 (RFC 6750 §3). */
  authenticate(request: Request): Promise<AccessClaims | Response>;
  /**
   * Milliseconds since Keyturn last said that nothing is missing: at most half of `staleAfterSeconds` while all is
   * well, `Infinity` before the first time, null without `revocations`.
   */
  lag(): number | null;
  /** Resolves when ended sessions are known for the first time, at once without `revocations`, and on `close`. */
  ready(): Promise<void>;
  /** Stops hearing of ended sessions, so that what is known grows stale. */
  close(): void;
};

/**
 * Verifies Keyturn's access tokens. It reads keys when the first token comes, and ended sessions from now on.
 *
 * Throws a `TypeError` that names the option if one is missing or can't be meant.
 */
export function createVerifier(options: VerifierOptions): Verifier;
