import { z } from "zod";
import { databaseFault } from "@/db/client.ts";
import type { App } from "@/lib/app.ts";
import type { Device } from "@/lib/audit.ts";
import { authenticate } from "@/lib/auth/authenticate.ts";
import type { Principal } from "@/lib/auth/principal.ts";
import { failure } from "@/lib/contract/errors.ts";
import { randomUUID } from "@/lib/crypto.ts";
import { log } from "@/lib/log.ts";
import { runningApp } from "@/lib/running-app.ts";
import { readBearer } from "./bearer.ts";
import { clientAddress } from "./client-address.ts";
import { apiHeaders, corsHeaders, preflightHeaders } from "./headers.ts";
import { type EdgeRequest, readBody } from "./read-body.ts";
import { type Answer, ApiResponse, failureAnswer, respond } from "./respond.ts";

/** What comes with a request besides itself: Next gives `params`, the API lane the caller's address too. */
export type RouteContext = {
  params: Promise<Record<string, string | string[] | undefined>>;
  socketAddress?: string;
};
export type Handler = (request: EdgeRequest, context: RouteContext) => Promise<Response>;

/** A request as handlers see it. */
export type Edge = {
  app: App;
  now: Date;
  device: Device;
  /** Who the caller says to be; read, not yet verified. */
  bearer: ReturnType<typeof readBearer>;
  request: EdgeRequest;
  /** The id in the path; the nil UUID, which names nothing, where the path holds none or no UUID. */
  id: string;
  query: URLSearchParams;
};
export type LoggedInEdge = Edge & { principal: Principal };
type Answering = (edge: Edge) => Promise<Answer>;

const uuid = z.uuid();
const NIL_UUID = "00000000-0000-0000-0000-000000000000";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Method = (typeof METHODS)[number];
type Action = { answer: Answering };

/** A call that anybody may make: its body is parsed by `schema`, its answer made by `handle`. */
export function route<Input>(
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: Edge) => Promise<Answer>,
  { form = false } = {},
): Action {
  return {
    async answer(edge) {
      const body = await readBody(edge.request, schema, { form });
      return body.kind === "read" ? handle(body.input, edge) : respond(body, () => null);
    },
  };
}

/** A call that needs a log-in. Who is calling is settled before a byte of the body is looked at. */
export function loggedInRoute<Input>(
  schema: z.ZodType<Input>,
  handle: (input: Input, edge: LoggedInEdge) => Promise<Answer>,
  options?: { form?: boolean },
): Action {
  return {
    async answer(edge) {
      if (edge.bearer.kind === "failure") return failureAnswer(edge.bearer);
      const caller = await authenticate(edge.app, edge.bearer.token, edge.now);
      if (caller.kind === "failure") return failureAnswer(caller);
      const action = route(
        schema,
        (input) => handle(input, { ...edge, principal: caller.principal }),
        options,
      );
      return action.answer(edge);
    },
  };
}

/**
 * The exports of a route file: its actions by method, `HEAD` where there is `GET`, `OPTIONS` everywhere, and for
 * every other method the contract's 405.
 */
export function methods(actions: Partial<Record<Method, Action>>): Record<Method, Handler> {
  const allowed = METHODS.filter(
    (method) => method in actions || method === "OPTIONS" || (method === "HEAD" && "GET" in actions),
  );
  const handlers = METHODS.map((method) => {
    const action = actions[method] ?? (method === "HEAD" ? actions.GET : undefined);
    return [method, handler(action?.answer ?? refusal(method, allowed))];
  });
  return Object.fromEntries(handlers);
}

/** The same answer to every method, for paths that are not there. */
export function everyMethod(answer: Answer): Record<Method, Handler> {
  return Object.fromEntries(METHODS.map((method) => [method, handler(async () => answer)])) as Record<
    Method,
    Handler
  >;
}

function refusal(method: Method, allowed: readonly Method[]): Answering {
  const headers = { allow: allowed.join(", ") };
  if (method === "OPTIONS") {
    return async () => ({
      status: 204,
      body: undefined,
      headers: { ...headers, ...preflightHeaders(allowed) },
    });
  }
  const refused = failureAnswer(failure("method_not_allowed", `Method "${method}" not allowed.`));
  return async () => ({ ...refused, headers });
}

/** Wraps an action into a Web handler: finds the app, adds the headers, and lets no cause of a fault out. */
function handler(answer: Answering): Handler {
  return async (request, context) => {
    const requestId = randomUUID();
    try {
      const app = await runningApp();
      const edge = await openEdge(app, request, context);
      return toResponse(app, request, requestId, await answer(edge));
    } catch (error) {
      return faultResponse(error, requestId);
    }
  };
}

async function openEdge(app: App, request: EdgeRequest, context: RouteContext): Promise<Edge> {
  const { TRUSTED_PROXIES } = app.settings;
  const ip = clientAddress(request.headers.get("x-forwarded-for"), context.socketAddress, TRUSTED_PROXIES);
  const queryAt = request.url.indexOf("?");
  return {
    app,
    now: app.clock.now(),
    device: { ip, userAgent: (request.headers.get("user-agent") ?? "").slice(0, 512) },
    bearer: readBearer(request.headers.get("authorization"), app.settings.AUTH_HEADER_TYPES),
    request,
    id: uuid.safeParse((await context.params).id).data ?? NIL_UUID,
    query: new URLSearchParams(queryAt < 0 ? "" : request.url.slice(queryAt)),
  };
}

function toResponse(
  app: App,
  request: EdgeRequest,
  requestId: string,
  { status, body, headers }: Answer,
): Response {
  return jsonResponse(status, body, {
    ...apiHeaders(app.settings),
    ...corsHeaders(request.headers.get("origin"), app.settings),
    ...(status === 401 && { "www-authenticate": `${app.settings.AUTH_HEADER_TYPES[0]} realm="api"` }),
    "x-request-id": requestId,
    ...headers,
  });
}

/** Whatever broke, the caller learns only whether to try again. */
function faultResponse(error: unknown, requestId: string): Response {
  const fault = databaseFault(error);
  const name = error instanceof Error ? error.name : typeof error;
  log.error(
    { requestId, code: fault?.code, name, stack: fault ? undefined : stackOf(error) },
    "request failed",
  );
  const { status, body, headers } = failureAnswer(failure(fault?.away ? "unavailable" : "server_error"));
  const told = fault?.away ? body : { ...(body as object), request_id: requestId };
  return jsonResponse(status, told, { "cache-control": "no-store", "x-request-id": requestId, ...headers });
}

/** Where an error was thrown; its message stays out, since it may hold what the caller sent. */
function stackOf(error: unknown): string | undefined {
  return error instanceof Error
    ? error.stack
        ?.split("\n")
        .filter((line) => /^\s+at /.test(line))
        .join("\n")
    : undefined;
}

function jsonResponse(status: number, body: unknown, headers: Record<string, string>): Response {
  if (body === undefined) return new ApiResponse(null, status, headers);
  return new ApiResponse(JSON.stringify(body), status, { "content-type": "application/json", ...headers });
}
