import type { OperationObject } from "./describe-operation.ts";
import type { OpenApiDocument } from "./document.ts";

/** A call of the document. */
export type Call = { path: string; method: string; operation: OperationObject };

/** The example of a call as a command. */
export function curl({ servers: [server] }: OpenApiDocument, { path, method, operation }: Call): string {
  const { parameters = [], requestBody, security } = operation;
  const body = requestBody?.content["application/json"]?.example;
  const query = new URLSearchParams(
    parameters.flatMap(({ name, in: place, example }) =>
      place === "query" && example !== undefined ? [[name, String(example)]] : [],
    ),
  );
  const url = `${server?.url}${path.replace("{id}", "$ID")}${query.size > 0 ? `?${query}` : ""}`;
  const implied = body === undefined ? "GET" : "POST";
  const lines = [
    `curl -s ${method === implied ? "" : `-X ${method} `}${/[$?]/.test(url) ? `"${url}"` : url}`,
    ...(security.length > 0 ? [credentials(security)] : []),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d '${quoted(JSON.stringify(body))}'`]),
  ];
  return lines.join(" \\\n  ");
}

function credentials(security: OperationObject["security"]): string {
  const byApplication = security.some((scheme) => "application" in scheme);
  return byApplication ? '-u "$CLIENT_ID:$CLIENT_SECRET"' : '-H "Authorization: Bearer $ACCESS"';
}

function quoted(text: string): string {
  return text.replaceAll("'", "'\\''");
}
