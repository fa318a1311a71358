import type { z } from "zod";
import type { ErrorCode } from "@/lib/contract/errors.ts";

/** Who may make a call: anybody, whoever is logged in, admins, applications with a secret, or whoever holds METRICS_TOKEN. */
export type Auth = "none" | "log-in" | "admin" | "application" | "metrics-token";

export const tags = {
  Tokens: "Log in, refresh, log out.",
  "Two-step log-in": "What a log-in asks for besides the password, and the devices that may skip it.",
  "Strong factors":
    "An authenticator app and recovery codes: once one is set up, no mailed code is taken any more.",
  Passkeys: "WebAuthn, alone or as the second step.",
  Registration: "Accounts that people make themselves.",
  Account: "What a person sees and changes of their own.",
  Devices: "Each log-in on a device is a session, which its owner sees and ends.",
  Password: "A forgotten password, and a changed one.",
  "E-mail address": "A changed address, and the way back.",
  Admin: "For people whose role is admin. Everybody else gets `permission_denied`.",
  Applications: "Products of your own that people log in to through these pages. For admins too.",
  Services: "For whoever runs Keyturn and for other services.",
} as const;
type Tag = keyof typeof tags;

/** A way a call succeeds. */
export type Success = {
  status: 200 | 201 | 202 | 204 | 302 | 307;
  /** What it means, in a few words. */
  says: string;
  /** The shape of a JSON body; none where nothing is sent or the answer is text. */
  body?: z.ZodType;
  example?: unknown;
  /** The media type of an answer that is no JSON; `example` is its text then. */
  text?: string;
  /** The same as a file, for whoever asks for it with `Accept`. */
  file?: { type: string; example: string };
};

/**
 * One call of the API, for its description. Texts are Markdown of one paragraph.
 *
 * What every call has is added by the document: what any body, log-in or admin call may answer, and 500 and 503.
 */
export type Operation = {
  /** The name that client generators give it. */
  id: string;
  tag: Tag;
  method: "get" | "post" | "put" | "patch" | "delete";
  /** With `{id}` where the folder has `[id]`. */
  path: string;
  summary: string;
  description?: string;
  auth: Auth;
  /** The very schema that the route parses; none where it reads no body. */
  request?: z.ZodType;
  /** Whether the body may be a form too. */
  form?: true;
  /** The shape of its query parameters. */
  query?: z.ZodObject;
  /** Whether it takes `X-Token-Delivery`: since it hands out tokens, or a challenge that leads to them. */
  delivery?: "tokens" | "challenge";
  /** Whether it takes `Idempotency-Key`. */
  retryKey?: true;
  /** In the order to be read; the first is what the example is answered with. */
  successes: [Success, ...Success[]];
  /** Codes of its own. */
  errors?: ErrorCode[];
  /** A request that succeeds once what lib/reference/operations/examples.ts names stands for something real. */
  example?: { body?: Record<string, unknown>; query?: Record<string, string> };
};
