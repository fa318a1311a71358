import type { ReadField } from "@/lib/reference/openapi/read-fields.ts";
import { Prose } from "./prose.tsx";

/** Fields one under the other, which reads well on any width. */
export function FieldList({ fields }: { fields: ReadField[] }) {
  return (
    <dl className="divide-y divide-line rounded-xl border border-line bg-surface text-small">
      {fields.map(({ name, type, shape, required, description }) => (
        <div key={name} className="gap-x-4 px-4 py-2.5 sm:grid sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
          <dt className="min-w-0">
            <code className="font-mono font-medium break-words">{name}</code>
            {!required && <span className="ml-2 text-quiet">optional</span>}
          </dt>
          <dd className="min-w-0 break-words">
            {shape ? (
              <a href={`/docs/shapes#shape-${shape}`} className="underline underline-offset-4">
                {type}
              </a>
            ) : (
              type
            )}
            {description && (
              <p className="text-quiet">
                <Prose>{description}</Prose>
              </p>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
