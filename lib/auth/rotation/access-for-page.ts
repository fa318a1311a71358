import type { Moment } from "@/lib/app/call.ts";
import type { Device } from "@/lib/audit/record.ts";
import { PAGE_UNDER_WAY_SECONDS } from "@/lib/auth/limits/lifetimes.ts";
import { readRefreshToken } from "@/lib/auth/sessions/read-refresh-token.ts";
import { type Failure, tokenNotValid } from "@/lib/contract/errors.ts";
import { issueAccess, type Refreshed } from "./retry.ts";

export type RenewInput = {
  token: string;
  /** The Idempotency-Key of a refresh whose answer this browser still waits for. */
  retryKey: string | null;
  device: Device;
};

/**
 * Renews the access token of a browser that opens a page. It rotates nothing: the answer to a page gets lost easily, and
 * a browser has no key by which to ask for it again (docs/decisions/0016).
 *
 * 1. the refresh token is the outstanding one of a live session → a new access token, and it stays outstanding
 * 2. it is the one before, and a refresh would be granted a retry → the pair that was lost
 * 3. it is spent, but so lately that this page may have been asked for before → refused, nothing ends: the browser
 *    holds the successor by now
 * 4. it is spent otherwise → reuse, as at a refresh
 * 5. the session ended, or it is no refresh token of ours → refused, nothing changes
 */
export async function renewAccess(call: Moment, input: RenewInput): Promise<Refreshed | Failure> {
  const read = await readRefreshToken(call, input.token);
  if (read.kind !== "valid") return tokenNotValid(read.kind);
  const { retryKey, device } = input;
  return issueAccess(call, {
    claims: read.claims,
    delivery: "cookie",
    retryKey,
    device,
    pageSparedSeconds: PAGE_UNDER_WAY_SECONDS,
  });
}
