/** Why a token that we signed is no good any more. */
export const endReasons = [
  "rotated",
  "token_reused",
  "logged_out",
  "logged_out_everywhere",
  "revoked_by_owner",
  "revoked_by_admin",
  "password_changed",
  "account_deactivated",
  "replaced",
  "expired",
] as const;
export type EndReason = (typeof endReasons)[number];

/** Every error code of the API: its status and, unless the case brings its own, its sentence. */
export const errors = {
  parse_error: { status: 400, detail: "JSON parse error" },
  bad_request: { status: 400, detail: "The request is not valid." },
  not_authenticated: { status: 401, detail: "Authentication credentials were not provided." },
  bad_authorization_header: {
    status: 401,
    detail: "Authorization header must contain two space-delimited values",
  },
  no_active_account: { status: 401, detail: "No active account found with the given credentials" },
  token_not_valid: { status: 401, detail: "Token is invalid" },
  code_not_valid: { status: 401, detail: "That code is not right." },
  passkey_not_valid: { status: 401, detail: "That passkey was not accepted." },
  challenge_not_valid: { status: 401, detail: "This code has expired or was used. Start again." },
  recent_login_required: { status: 401, detail: "Confirm it's you: your log-in is too long ago for this." },
  two_factor_required: { status: 403, detail: "A code was sent to your e-mail address." },
  two_factor_setup_required: {
    status: 403,
    detail: "Set up a passkey or an authenticator app first: this site asks for one.",
  },
  csrf_failed: {
    status: 403,
    detail:
      "This request did not come from one of our own pages. A program that uses cookies sends an Origin header with the address of Keyturn.",
  },
  permission_denied: { status: 403, detail: "You do not have permission to perform this action." },
  account_held: {
    status: 403,
    detail:
      "This account's passkeys and authenticator app were taken away, so it can't change anything for a day. You can log out everywhere, and choose a new password by mail.",
  },
  not_found: { status: 404, detail: "Not found." },
  no_strong_factor: {
    status: 409,
    detail: "Recovery codes stand in for a passkey or an authenticator app. Set up one of them first.",
  },
  passkeys_unavailable: {
    status: 409,
    detail: "Passkeys are bound to a host name, and this site is reached by an address.",
  },
  method_not_allowed: { status: 405, detail: "Method not allowed." },
  payload_too_large: { status: 413, detail: "The request body is larger than 64 KiB." },
  unsupported_media_type: { status: 415, detail: "Unsupported media type in request." },
  throttled: { status: 429, detail: "Request was throttled." },
  headers_too_large: { status: 431, detail: "The request's headers are larger than 16 KiB." },
  server_error: { status: 500, detail: "Something went wrong." },
  unavailable: { status: 503, detail: "Keyturn is busy or its database is away. Try again in a moment." },
} as const satisfies Record<string, { status: number; detail: string }>;

export type ErrorCode = keyof typeof errors;

/** What some failures say besides `detail` and `code`. */
type FailureFacts = {
  reason?: EndReason;
  messages?: { token_class: string; token_type: string; message: string }[];
  attempts_left?: number;
  request_id?: string;
};

/** An expected failure, as data. `extra` stands beside `detail` and `code` in the body. */
export type Failure = {
  kind: "failure";
  code: ErrorCode;
  detail?: string;
  extra?: FailureFacts;
  retryAfterSeconds?: number;
};

/** Fields that did not fit, with DRF's sentences. */
export type InvalidFields = { kind: "invalid-fields"; fields: Record<string, string[]> };

export function failure(code: ErrorCode, detail?: string, extra?: FailureFacts): Failure {
  return { kind: "failure", code, ...(detail !== undefined && { detail }), ...(extra && { extra }) };
}

export function invalidFields(fields: Record<string, string[]>): InvalidFields {
  return { kind: "invalid-fields", fields };
}

/** What a schema found wrong, by field. */
export function fieldSentences(
  issues: readonly { path: PropertyKey[]; message: string }[],
): InvalidFields["fields"] {
  const fields: InvalidFields["fields"] = {};
  for (const { path, message } of issues) {
    const field = String(path[0] ?? "non_field_errors");
    const sentences = fields[field] ?? [];
    fields[field] = sentences.includes(message) ? sentences : [...sentences, message];
  }
  return fields;
}

/** Too fast, in DRF's words. */
export function throttled(retryAfterSeconds: number): Failure {
  const detail = `Request was throttled. Expected available in ${retryAfterSeconds} seconds.`;
  return { ...failure("throttled", detail), retryAfterSeconds };
}

/** SimpleJWT's sentences for a token that is refused. */
export const tokenSentences = {
  invalid: "Token is invalid",
  expired: "Token is expired",
  "wrong-type": "Token has wrong type",
  blacklisted: "Token is blacklisted",
  "no-end": "Token has no 'exp' claim",
  "no-id": "Token has no id",
  "no-type": "Token has no type",
} as const;

/** A refused token; `reason` is told to the holder of a token we signed. */
export function tokenNotValid(why: keyof typeof tokenSentences, reason?: EndReason): Failure {
  const told = reason ?? (why === "expired" ? "expired" : undefined);
  return failure("token_not_valid", tokenSentences[why], told && { reason: told });
}

/** A bearer token that opens nothing, in SimpleJWT's words. */
export function bearerNotValid(why: keyof typeof tokenSentences, reason?: EndReason): Failure {
  const messages = [{ token_class: "AccessToken", token_type: "access", message: tokenSentences[why] }];
  return failure("token_not_valid", "Given token not valid for any token type", {
    messages,
    ...(reason && { reason }),
  });
}
