import { logFault } from "@/lib/http/log-fault.ts";

/** A page that could not be made is logged as a call is; which error page the browser shows says nothing of the cause. */
export function onRequestError(
  error: unknown,
  _request: unknown,
  { routePath }: { routePath: string },
): void {
  logFault(error, { page: routePath });
}
