import { isLoopback } from "@/lib/settings/fields.ts";

/**
 * Whether a request asks for this machine by name. One that a browser sends for a page of another site does not, even
 * where that site's name was made to lead here (DNS rebinding).
 */
export function namesThisMachine(headers: { get(name: string): string | null }): boolean {
  const origin = `http://${headers.get("host")}`;
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}
