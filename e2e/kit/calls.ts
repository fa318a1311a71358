/** Calls that need a log-in, each with a body that fits, and the fields it reads. */
export const ANY_ID = "00000000-0000-4000-8000-000000000000";

export const loggedInCalls = [
  "GET /api/me",
  "GET /api/sessions",
  `PATCH /api/sessions/${ANY_ID}`,
  `DELETE /api/sessions/${ANY_ID}`,
  "POST /api/sessions/revoke-others",
  "POST /api/password/change",
  "POST /api/email/change",
  "POST /api/email/change/verify",
  "POST /api/email/change/resend",
  "POST /logout_token",
  "POST /api/logout_token",
];

/** The text fields that calls read, by call: what is sent there reaches a parser, a verb and perhaps the database. */
export const textFields: [call: string, field: string][] = [
  ["POST /api/token", "email"],
  ["POST /api/token", "password"],
  ["POST /api/token/refresh", "refresh"],
  ["POST /api/token/verify", "token"],
  ["POST /api/token/blacklist", "refresh"],
  ["POST /api/email/undo", "token"],
  ["POST /logout_token", "refresh_token"],
  ["POST /api/logout_token", "refresh_token"],
  ["POST /api/register/verify", "code"],
  ["POST /api/register/resend", "challenge"],
];

/** What the contract allows on each path, besides OPTIONS. */
export const allowedMethods: Record<string, string> = {
  "/api/token": "POST, OPTIONS",
  "/api/token/refresh": "POST, OPTIONS",
  "/api/token/verify": "POST, OPTIONS",
  "/api/token/blacklist": "POST, OPTIONS",
  "/logout_token": "POST, OPTIONS",
  "/api/logout_token": "POST, OPTIONS",
  "/api/logout": "POST, OPTIONS",
  "/api/me": "GET, HEAD, OPTIONS",
  "/api/sessions": "GET, HEAD, OPTIONS",
  "/api/sessions/[id]": "PATCH, DELETE, OPTIONS",
  "/api/sessions/revoke-others": "POST, OPTIONS",
  "/api/register": "POST, OPTIONS",
  "/api/register/verify": "POST, OPTIONS",
  "/api/register/resend": "POST, OPTIONS",
  "/api/invitation/accept": "POST, OPTIONS",
  "/api/password/forgot": "POST, OPTIONS",
  "/api/password/forgot/again": "POST, OPTIONS",
  "/api/password/reset": "POST, OPTIONS",
  "/api/password/change": "POST, OPTIONS",
  "/api/email/change": "POST, OPTIONS",
  "/api/email/change/verify": "POST, OPTIONS",
  "/api/email/change/resend": "POST, OPTIONS",
  "/api/email/undo": "POST, OPTIONS",
  "/api/health": "GET, HEAD, OPTIONS",
  "/api/ready": "GET, HEAD, OPTIONS",
  "/api/openapi.json": "GET, HEAD, OPTIONS",
  "/api/metrics": "GET, HEAD, OPTIONS",
  "/.well-known/jwks.json": "GET, HEAD, OPTIONS",
  "/.well-known/change-password": "GET, HEAD, OPTIONS",
  "/.well-known/security.txt": "GET, HEAD, OPTIONS",
};
