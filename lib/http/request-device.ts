import type { Device } from "@/lib/audit.ts";
import type { Settings } from "@/lib/env.ts";
import { clientAddress } from "./client-address.ts";
import { clientPlace } from "./client-place.ts";

const USER_AGENT_KEPT_CHARACTERS = 512;

/** The device that a request says it comes from, as far as the settings let it be believed. */
export function requestDevice(
  headers: { get(name: string): string | null },
  socketAddress: string | undefined,
  { TRUSTED_PROXIES }: Settings,
): Device {
  return {
    ip: clientAddress(headers.get("x-forwarded-for"), socketAddress, TRUSTED_PROXIES),
    userAgent: (headers.get("user-agent") ?? "").slice(0, USER_AGENT_KEPT_CHARACTERS),
    location: clientPlace(headers, TRUSTED_PROXIES),
  };
}
