import { databaseFault } from "@/db/client.ts";

/** What a command has to say: `lines` for people, `data` for machines. */
export type Outcome =
  | { kind: "done"; lines: string[]; data: unknown }
  /** It did its work, and what it found is a fault. */
  | { kind: "faulty"; lines: string[]; data: unknown }
  | { kind: "refused"; objections: string[] };

export function done(lines: string[], data: unknown): Outcome {
  return { kind: "done", lines, data };
}

export function refused(...objections: string[]): Outcome {
  return { kind: "refused", objections };
}

/** Runs a command, says how it went and sets the exit code; with `json`, as one JSON value and nothing else. */
export async function report(work: () => Promise<Outcome>, json: boolean): Promise<void> {
  const outcome = await work().catch((error: unknown) => refused(faultLine(error)));
  if (outcome.kind !== "done") process.exitCode = 1;
  if (outcome.kind === "refused") {
    if (json) console.log(JSON.stringify({ error: outcome.objections.join("\n") }));
    else warn(outcome.objections);
  } else {
    console.log(json ? JSON.stringify(outcome.data) : outcome.lines.join("\n"));
  }
}

export function warn(lines: string[]): void {
  for (const line of lines) console.error(`keyturn: ${line}`);
}

/** One line for an error nobody foresaw. A database error gives its code only: its message holds parameters. */
export function faultLine(error: unknown): string {
  const fault = databaseFault(error);
  if (fault) return `The database ${fault.away ? "does not answer" : "refused"} (${fault.code}).`;
  let cause = error;
  while (cause instanceof Error && cause.cause) cause = cause.cause;
  const [line = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  return line;
}
