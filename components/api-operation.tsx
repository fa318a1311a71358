import type { ReactNode } from "react";
import type { ReadError, ReadOperation } from "@/lib/contract/openapi/read-operation.ts";
import { CodeSample } from "./code-sample.tsx";
import { FieldList } from "./field-list.tsx";
import { Prose } from "./prose.tsx";

/** One call of the API: what it takes, what it answers, and an example of both. */
export function ApiOperation({ operation }: { operation: ReadOperation }) {
  const { id, method, path, summary, description, auth, form, parameters, body, answers, errors, curl } =
    operation;
  return (
    <article
      id={id}
      aria-labelledby={`${id}-title`}
      className="scroll-mt-6 space-y-5 border-t border-line pt-8"
    >
      <div className="space-y-2">
        <h3 id={`${id}-title`} className="text-lead font-semibold">
          {summary}
        </h3>
        <p className="font-mono text-small break-words">
          <span className="mr-2 font-semibold text-accent">{method}</span>
          {path}
        </p>
        <p className="max-w-[68ch]">
          <Prose>{[description, auth].filter(Boolean).join(" ")}</Prose>
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
      {answers.map(({ status, says, fields, example, shape, byCookie }) => (
        <Part key={status} title={`${status} ${says}`}>
          {example && <CodeSample label={`Answer ${status}: ${summary}`}>{example}</CodeSample>}
          {fields.length > 0 && <FieldList fields={fields} />}
          {shape && <ShapeLink before="Fields:" name={shape} />}
          {byCookie && <ShapeLink before="By cookie:" name={byCookie} />}
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
      <h4 className="text-small font-semibold">{title}</h4>
      {children}
    </section>
  );
}

function ShapeLink({ before, name }: { before: string; name: string }) {
  return (
    <p className="text-small text-quiet">
      {before}{" "}
      <a href={`#shape-${name}`} className="underline underline-offset-4">
        {name}
      </a>
    </p>
  );
}
