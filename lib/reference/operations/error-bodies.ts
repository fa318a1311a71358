import { z } from "zod";
import { type ErrorCode, endReasons, errors } from "@/lib/contract/errors.ts";
import { StartedChallenge } from "@/lib/contract/two-factor.ts";
import { STARTED_CHALLENGE } from "./examples.ts";

const codes = Object.keys(errors) as ErrorCode[];

/** What every failure says, and what some say besides. */
export const ErrorBody = z.object({
  detail: z.string().describe("A sentence for people."),
  code: z.enum(codes).describe("For machines; it stays."),
  reason: z.enum(endReasons).describe("Why a token that we signed is no good any more.").optional(),
  messages: z
    .array(z.object({ token_class: z.string(), token_type: z.string(), message: z.string() }))
    .describe("Of a Bearer token that opens nothing.")
    .optional(),
  attempts_left: z.int().describe("After a wrong code.").optional(),
  request_id: z.string().describe("Of an unforeseen fault; the log has it too.").optional(),
});

/** A log-in that needs a code. */
export const TwoFactorRequiredBody = ErrorBody.pick({ detail: true })
  .extend({ code: z.literal("two_factor_required") })
  .extend(StartedChallenge.shape);

const SAID_BESIDES: Partial<Record<ErrorCode, object>> = {
  parse_error: { detail: "JSON parse error - The body is not valid JSON." },
  token_not_valid: { detail: "Token is blacklisted", reason: "logged_out" },
  code_not_valid: { attempts_left: 4 },
  passkey_not_valid: { attempts_left: 4 },
  two_factor_required: STARTED_CHALLENGE,
  unsupported_media_type: { detail: 'Unsupported media type "text/plain" in request.' },
  throttled: { detail: "Request was throttled. Expected available in 60 seconds." },
  server_error: { request_id: "0199c5a0-2222-7000-8000-000000000002" },
};

/** What an error looks like. */
export function errorExample(code: ErrorCode): Record<string, unknown> {
  return { detail: errors[code].detail, code, ...SAID_BESIDES[code] };
}

/** A body that no call accepts, and what it is told; null where everything about the body is optional and free. */
export function fieldErrorsExample(schema: z.ZodType, names: string[]): Record<string, unknown> {
  return schema.safeParse({}).success ? Object.fromEntries(names.map((name) => [name, null])) : {};
}
