import { z } from "zod";
import { text } from "./fields.ts";

const DEVICE_NAME_MAX_CHARACTERS = 64;

/** An empty name takes the name away. */
export const NameSessionRequest = z.object({
  name: text({ maxLength: DEVICE_NAME_MAX_CHARACTERS, blank: true }).transform((name) => name.trim() || null),
});

/** What `GET /api/sessions` says of one device. */
export type PublicSession = {
  id: string;
  current: boolean;
  name: string | null;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  ip: string | null;
  browser: string | null;
  os: string | null;
  device: string | null;
  location: string | null;
  amr: string[];
};
