import type { Failure } from "@/lib/contract/errors.ts";
import type { EdgeRequest } from "@/lib/http/request/read-body.ts";
import { type Answer, failureAnswer, textAnswer } from "./respond.ts";

/** Whether a list is asked for as a file: only by who names CSV and does not name JSON before it. */
export function prefersCsv({ headers }: EdgeRequest): boolean {
  const types = (headers.get("accept") ?? "").toLowerCase().split(",");
  const known = types.map((type) => type.split(";")[0]?.trim());
  return known.find((type) => type === "text/csv" || type === "application/json") === "text/csv";
}

/** A CSV file to keep. Where more follows than one holds, `Link` leads on (RFC 8288). */
export function csvAnswer(
  outcome: { kind: "exported"; csv: string; next: string | null } | Failure,
  { name, request }: { name: string; request: EdgeRequest },
): Answer {
  if (outcome.kind === "failure") return failureAnswer(outcome);
  const headers = {
    "content-disposition": `attachment; filename="${name}"`,
    ...(outcome.next !== null && { link: `<${withCursor(request.url, outcome.next)}>; rel="next"` }),
  };
  return { ...textAnswer(outcome.csv, "text/csv; charset=utf-8"), headers };
}

/** Path and query of the call with another cursor. Next hands handlers a whole URL, the API lane its path. */
function withCursor(url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  searchParams.set("cursor", cursor);
  return `${pathname}?${searchParams}`;
}
