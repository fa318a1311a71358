import { z } from "zod";

/** The longest that a reader may wait: less than what stands between lets a silent connection live. */
const LONGEST_WAIT_SECONDS = 25;

export const RevocationsQuery = z.object({
  after: z.string().describe("`next` of the answer before; left out at the beginning.").optional(),
  wait: z
    .string()
    .regex(/^\d{1,2}$/)
    .meta({ wire: { type: "integer", minimum: 0, maximum: LONGEST_WAIT_SECONDS, default: 0 } })
    .transform(Number)
    .refine((seconds) => seconds <= LONGEST_WAIT_SECONDS)
    .describe("For how many seconds to wait for the next entry.")
    .default(0),
});

export const PublicRevocation = z.object({
  sid: z
    .uuid()
    .nullable()
    .describe(
      "The session that ended; null where every token ended that was issued at or before `at`'s second.",
    ),
  sub: z.uuid().nullable(),
  user_id: z.uuid().nullable(),
  reason: z.string().describe("Why: `logged_out`, `password_changed`, `account_deleted` …"),
  at: z.iso.datetime(),
  until: z.iso.datetime().describe("When the last access token of it has expired."),
});

export const Revocations = z.object({
  results: z.array(PublicRevocation),
  next: z.string().describe("What to ask for next, as `after`."),
  complete: z
    .boolean()
    .describe("False where `after` says nothing any more: begin anew, as if nothing had been read."),
});
