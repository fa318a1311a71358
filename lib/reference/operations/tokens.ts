import { z } from "zod";
import {
  BlacklistRequest,
  LoggedIn,
  LogInRequest,
  LogoutTokenRequest,
  Nothing,
  RefreshRequest,
  TokenPair,
  VerifyRequest,
} from "@/lib/contract/tokens.ts";
import { EXAMPLE, PAIR } from "./examples.ts";
import type { Operation } from "./operation.ts";
import { stepUpOperation } from "./step-up.ts";

const Goodbye = z.object({ status: z.string() });
const GOODBYE = { status: "OK, goodbye" };

const logOutToken: Operation = {
  id: "logOutToken",
  tag: "Tokens",
  method: "post",
  path: "/logout_token",
  summary: "End one session or all of them",
  description:
    "Ends the session of any refresh token of the caller's own, spent or not, or with `all` every session of the " +
    "caller at once, this one too, with every pending proof.",
  auth: "log-in",
  request: LogoutTokenRequest,
  form: true,
  successes: [{ status: 200, says: "Logged out.", body: Goodbye, example: GOODBYE }],
  example: { body: { refresh_token: EXAMPLE.refresh } },
};

export const tokenOperations: Operation[] = [
  {
    id: "logIn",
    tag: "Tokens",
    method: "post",
    path: "/api/token",
    summary: "Log in",
    description:
      "Gives a pair of tokens, or names a challenge when the account asks for a code. An unknown address, a wrong " +
      "password and an account that is not active get one answer.",
    auth: "none",
    request: LogInRequest,
    form: true,
    delivery: "tokens",
    successes: [{ status: 200, says: "Logged in.", body: LoggedIn, example: PAIR }],
    errors: ["no_active_account", "two_factor_required", "throttled"],
    example: { body: { email: EXAMPLE.email, password: EXAMPLE.password } },
  },
  {
    id: "refreshSession",
    tag: "Tokens",
    method: "post",
    path: "/api/token/refresh",
    summary: "Refresh",
    description:
      "Gives a new pair for a refresh token, which is spent by that. One that comes back ends its session, unless it " +
      "comes with the `Idempotency-Key` of the call whose answer was lost, or moments later from the client that won, " +
      "which is refused as `rotated` and loses nothing else. A refusal says why in `reason`.",
    auth: "none",
    request: RefreshRequest,
    form: true,
    delivery: "tokens",
    retryKey: true,
    successes: [
      { status: 200, says: "Refreshed.", body: TokenPair.partial({ refresh: true }), example: PAIR },
    ],
    errors: ["bad_request", "token_not_valid"],
    example: { body: { refresh: EXAMPLE.refresh } },
  },
  {
    id: "verifyToken",
    tag: "Tokens",
    method: "post",
    path: "/api/token/verify",
    summary: "Ask whether a token is good",
    description:
      "An access token is verified by signature, times and type; with `live` by its session too. A spent refresh token " +
      "is a 400 under `non_field_errors`.",
    auth: "none",
    request: VerifyRequest,
    form: true,
    successes: [{ status: 200, says: "It is good.", body: Nothing, example: {} }],
    errors: ["token_not_valid"],
    example: { body: { token: EXAMPLE.access, live: true } },
  },
  {
    id: "blacklistToken",
    tag: "Tokens",
    method: "post",
    path: "/api/token/blacklist",
    summary: "End a session by its refresh token",
    auth: "none",
    request: BlacklistRequest,
    form: true,
    successes: [{ status: 200, says: "That session is over.", body: Nothing, example: {} }],
    errors: ["token_not_valid"],
    example: { body: { refresh: EXAMPLE.refresh } },
  },
  {
    id: "logOut",
    tag: "Tokens",
    method: "post",
    path: "/api/logout",
    summary: "Log out here",
    description:
      "Ends the session of the access token or of the cookies, and clears the cookies. Whoever is logged out already " +
      "gets the same answer.",
    auth: "none",
    successes: [{ status: 200, says: "Logged out.", body: Goodbye, example: GOODBYE }],
    errors: ["csrf_failed"],
  },
  logOutToken,
  {
    ...logOutToken,
    id: "logOutTokenUnderApi",
    path: "/api/logout_token",
    description: "The same as `POST /logout_token`.",
    example: { body: { all: true } },
  },
  stepUpOperation,
];
