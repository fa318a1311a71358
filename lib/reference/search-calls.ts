import type { ReadOperation } from "@/lib/reference/openapi/read-operation.ts";

/**
 * The calls that a reader looks for: those in which every word of `text` occurs, in any order and case, be it in what
 * they do, their path, a field, a header or an error. Those whose name or path has them all come first. None for a text
 * without words.
 */
export function searchCalls(calls: ReadOperation[], text: string): ReadOperation[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const has = (told: string) => words.every((word) => told.toLowerCase().includes(word));
  const named = calls.filter((call) => has(nameOf(call)));
  return [
    ...named,
    ...calls.filter((call) => !named.includes(call) && has(`${nameOf(call)} ${toldOf(call)}`)),
  ];
}

function nameOf({ method, path, summary }: ReadOperation): string {
  return `${method} ${path} ${summary}`;
}

function toldOf({ description, parameters, body, answers, errors }: ReadOperation): string {
  const fields = [...parameters, ...body, ...answers.flatMap((answer) => answer.fields)];
  const names = [...fields.map(({ name }) => name), ...errors.map(({ code }) => code)];
  return `${description} ${names.join(" ")}`;
}
