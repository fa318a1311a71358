import type { ReactNode } from "react";
import { FieldList } from "@/components/ui/field-list.tsx";
import { Prose } from "@/components/ui/prose.tsx";
import type { ReadError, ReadOperation } from "@/lib/reference/openapi/read-operation.ts";
import { CodeSample } from "./code-sample.tsx";

/** One call of the API: what it takes, what it answers, and an example of both. */
export function ApiOperation({ operation }: { operation: ReadOperation }) {
  const { id, method, path, summary, description, form, parameters, body, answers, errors, curl } = operation;
  return (
    <article
      id={id}
      aria-labelledby={`${id}-title`}
      className="scroll-mt-6 space-y-5 border-t border-line pt-8"
    >
      <div className="space-y-2">
        <h2 id={`${id}-title`} className="text-lead font-semibold">
          {summary}
        </h2>
        <p className="font-mono text-small break-words">
          <span className="mr-2 font-semibold text-accent">{method}</span>
          {path}
        </p>
        <p className="max-w-[68ch]">
          <Prose>{description}</Prose>
        </p>
      </div>
      <CodeSample label={`Example: ${summary}`}>{curl}</CodeSample>
      {parameters.length > 0 && (
        <Part title="Parameters and headers">
          <FieldList fields={parameters} />
        </Part>
      )}
      {body.length > 0 && (
        <Part title={form ? "Body, as JSON or as a form" : "Body"}>
          <FieldList fields={body} />
        </Part>
      )}
      {answers.map(({ status, says, fields, example, shape, headers }) => (
        <Part key={status} title={`${status} ${says}`}>
          {example && <CodeSample label={`Answer ${status}: ${summary}`}>{example}</CodeSample>}
          {fields.length > 0 && <FieldList fields={fields} />}
          {shape && <ShapeLink before="Fields:" name={shape} />}
          {headers.length > 0 && <FieldList fields={headers} />}
        </Part>
      ))}
      {errors.length > 0 && (
        <Part title="Errors">
          <ErrorList errors={errors} />
        </Part>
      )}
    </article>
  );
}

/** Errors by code, with the sentence that people read. */
export function ErrorList({ errors }: { errors: ReadError[] }) {
  return (
    <ul className="space-y-1.5 text-small">
      {errors.map(({ status, code, detail }) => (
        <li key={code} className="break-words">
          {status} <code className="font-mono font-medium">{code}</code>
          <span className="text-quiet"> {detail}</span>
        </li>
      ))}
    </ul>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="space-y-2">
      <h3 className="text-small font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function ShapeLink({ before, name }: { before: string; name: string }) {
  return (
    <p className="text-small text-quiet">
      {before}{" "}
      <a href={`/docs/shapes#shape-${name}`} className="underline underline-offset-4">
        {name}
      </a>
    </p>
  );
}
