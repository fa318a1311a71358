import { z } from "zod";

/** A message that an application was not told yet, or not at all. */
export const PublicDelivery = z.object({
  id: z.uuid(),
  type: z.string().describe("`log_out`, or what happened: `user.created`, `session.ended` …"),
  created_at: z.iso.datetime(),
  attempts: z.int(),
  next_attempt_at: z.iso.datetime().nullable().describe("Null where it was given up."),
  last_answer: z
    .string()
    .nullable()
    .describe("What came of the latest try, in words; null before the first."),
});
export type PublicDelivery = z.infer<typeof PublicDelivery>;
