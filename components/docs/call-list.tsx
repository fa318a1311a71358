import Link from "next/link";
import type { ReadOperation } from "@/lib/reference/openapi/read-operation.ts";

/** Calls one under the other, each with the way to where it is described. */
export function CallList({ calls, at }: { calls: ReadOperation[]; at: (call: ReadOperation) => string }) {
  return (
    <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
      {calls.map((call) => (
        <li key={call.id}>
          <Link
            href={at(call)}
            prefetch={false}
            className="flex min-h-11 flex-wrap items-baseline gap-x-4 px-4 py-2.5"
          >
            <span className="underline underline-offset-4">{call.summary}</span>
            <span className="min-w-0 font-mono text-small text-quiet wrap-anywhere">
              {call.method} {call.path}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
