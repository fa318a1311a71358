import { z } from "zod";
import { SessionApplication } from "./applications.ts";
import { text } from "./fields.ts";

const DEVICE_NAME_MAX_CHARACTERS = 64;

/** An empty name takes the name away. */
export const NameSessionRequest = z.object({
  name: text({ maxLength: DEVICE_NAME_MAX_CHARACTERS, blank: true })
    .describe("Empty: the name is taken away.")
    .transform((name) => name.trim() || null),
});

/** What `GET /api/sessions` says of one device. */
export const PublicSession = z.object({
  id: z.uuid(),
  current: z.boolean().describe("Whether it is the one that asks."),
  name: z.string().nullable().describe("As its owner named it."),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(),
  expires_at: z.iso.datetime().describe("When it ends unless it is refreshed before."),
  ip: z.string().nullable(),
  browser: z.string().nullable(),
  os: z.string().nullable(),
  device: z.string().nullable(),
  location: z.string().nullable(),
  amr: z.array(z.string()).describe("How they logged in: pwd, email."),
  application: SessionApplication.describe(
    "Whose session it is; null for a browser or program of their own.",
  ),
  opened_by: z.uuid().nullable().describe("The browser's session that an application's was opened from."),
});
export type PublicSession = z.infer<typeof PublicSession>;
