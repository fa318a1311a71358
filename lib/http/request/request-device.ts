import type { Device } from "@/lib/audit/record.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { clientAddress } from "./client-address.ts";
import { clientPlace } from "./client-place.ts";

/** Who is at the other end of the connection, for what Next serves. Only the pages lane sets it, over any other. */
export const SOCKET_ADDRESS = "x-keyturn-socket-address";

const USER_AGENT_KEPT_CHARACTERS = 512;

/**
 * The device that a request says it comes from, as far as the settings let it be believed.
 *
 * @param socketAddress the other end of the connection; for what Next serves, the pages lane wrote it down
 */
export function requestDevice(
  headers: { get(name: string): string | null },
  socketAddress: string | undefined,
  { TRUSTED_PROXIES }: Settings,
): Device {
  return {
    ip: clientAddress(
      headers.get("x-forwarded-for"),
      socketAddress ?? headers.get(SOCKET_ADDRESS) ?? undefined,
      TRUSTED_PROXIES,
    ),
    userAgent: (headers.get("user-agent") ?? "").slice(0, USER_AGENT_KEPT_CHARACTERS),
    delivery: headers.get("x-token-delivery") === "cookie" ? "cookie" : "json",
    location: clientPlace(headers, TRUSTED_PROXIES),
  };
}
