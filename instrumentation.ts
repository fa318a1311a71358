import { REQUEST_ID } from "@/lib/http/headers.ts";
import { notePageFault } from "@/lib/http/page-fault.ts";

/** A page that could not be made is logged as a call is; which error page the browser shows says nothing of the cause. */
export function onRequestError(
  error: unknown,
  { headers }: { headers: Record<string, string | string[] | undefined> },
  { routePath }: { routePath: string },
): void {
  notePageFault(error, { page: routePath, requestId: String(headers[REQUEST_ID]) });
}
