import type { notePageFault } from "@/lib/http/pages/page-fault.ts";

let noted: { by: typeof notePageFault; requestIdHeader: string } | undefined;

/** Next builds this file for its Edge Runtime too, which has no Node modules and where Keyturn never runs. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const [{ notePageFault }, { REQUEST_ID }] = await Promise.all([
    import("@/lib/http/pages/page-fault.ts"),
    import("@/lib/http/answer/headers.ts"),
  ]);
  noted = { by: notePageFault, requestIdHeader: REQUEST_ID };
}

/** A page that could not be made is logged as a call is; which error page the browser shows says nothing of the cause. */
export function onRequestError(
  error: unknown,
  { headers }: { headers: Record<string, string | string[] | undefined> },
  { routePath }: { routePath: string },
): void {
  noted?.by(error, { page: routePath, requestId: String(headers[noted.requestIdHeader]) });
}
