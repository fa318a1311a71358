import { z } from "zod";

/** What `GET /api/events` says of one thing that happened on the caller's account. */
export const PublicEvent = z.object({
  id: z.uuid(),
  type: z.string(),
  created_at: z.iso.datetime(),
  session_id: z.uuid().nullable(),
  ip: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type PublicEvent = z.infer<typeof PublicEvent>;
