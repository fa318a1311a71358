import { databaseFault } from "@/db/client.ts";
import { log } from "@/lib/base/log.ts";

/**
 * Logs what broke while something was answered, and returns what the database has to do with it. An error's message
 * stays out of the log, since it may hold what the caller sent; so do the parameters of a query.
 *
 * @param where what was being answered, by names of ours and never by its address, which can hold a secret
 */
export function logFault(error: unknown, where: { requestId: string; page?: string }) {
  const fault = databaseFault(error);
  const name = error instanceof Error ? error.name : typeof error;
  const stack = fault ? undefined : stackOf(error);
  log.error({ ...where, code: fault?.code, name, stack }, "request failed");
  return fault;
}

function stackOf(error: unknown): string | undefined {
  const lines = error instanceof Error ? (error.stack ?? "").split("\n") : [];
  return lines.filter((line) => /^\s+at /.test(line)).join("\n");
}
