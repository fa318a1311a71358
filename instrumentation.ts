import type { Instrumentation } from "next";
import { logFault } from "@/lib/http/log-fault.ts";

/** A page that could not be made is logged as a call is; which error page the browser shows says nothing of the cause. */
export const onRequestError: Instrumentation.onRequestError = (error, _request, { routePath }) => {
  logFault(error, { page: routePath });
};
