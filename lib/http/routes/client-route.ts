import type { Application } from "@/db/queries/applications.ts";
import { authenticateClient } from "@/lib/auth/applications/authenticate-client.ts";
import type { Parameters as Asked } from "@/lib/auth/applications/read-authorization-request.ts";
import { isRegisteredOrigin } from "@/lib/auth/destinations/registered-origins.ts";
import { originsOf } from "@/lib/contract/applications.ts";
import { Nothing } from "@/lib/contract/tokens.ts";
import { oauthError, oauthFailure, oauthFault } from "@/lib/http/answer/oauth-answer.ts";
import { refusedPage } from "@/lib/http/answer/refused-page.ts";
import { type Answer, seeOther } from "@/lib/http/answer/respond.ts";
import { readClientCredentials } from "@/lib/http/request/client-credentials.ts";
import type { Edge } from "@/lib/http/request/edge.ts";
import { readParameters } from "@/lib/http/request/parameters.ts";
import { readForm, readFormText } from "@/lib/http/request/read-body.ts";
import { type Action, methods } from "./route.ts";

/** Less than Node reads of an address, with room for the other headers. */
const ADDRESS_MAX_CHARACTERS = 12_000;

export type OAuthForm = Readonly<Record<string, string | undefined>>;

/** A call with a form in OAuth's way, whose answers and faults speak OAuth too. */
export function formRoute(handle: (form: OAuthForm, edge: Edge) => Promise<Answer>): Action {
  return {
    takes: { schema: Nothing, form: true, auth: "none" },
    async answer(edge) {
      const read = await readForm(edge.request);
      return read.kind === "read" ? handle(read.input, edge) : oauthFailure(read);
    },
  };
}

/**
 * A form that a browser brings. From elsewhere it comes without our cookies: what can't be granted anyway is refused, and
 * the rest led to the same by GET, which brings them.
 *
 * @param refuse the refusal of what nobody could be granted
 */
export function browserForm(
  path: string,
  handle: (edge: Edge, parameters: Asked) => Promise<Answer>,
  refuse: (edge: Edge, parameters: Asked) => Promise<Answer | null> = async () => null,
): Action {
  return {
    takes: { schema: Nothing, form: true, auth: "none" },
    async answer(edge) {
      const read = await readFormText(edge.request);
      if (read.kind === "failure") return oauthFailure(read);
      const query = new URLSearchParams(read.text);
      const parameters = readParameters(query);
      const { access, refresh } = edge.cookies;
      if (access !== null || refresh !== null) return handle(edge, parameters);
      const refused = await refuse(edge, parameters);
      if (refused) return refused;
      const address = `${path}?${query}`;
      return address.length > ADDRESS_MAX_CHARACTERS ? refusedPage("address") : seeOther(address);
    },
  };
}

/**
 * A call of an application, which says who it is (RFC 6749 §2.3). Pages of its own addresses may read the answer, and
 * no others: no cookie counts here.
 */
export function clientRoute(
  handle: (application: Application, form: OAuthForm, edge: Edge) => Promise<Answer>,
): Action {
  return formRoute(async (form, edge) => {
    const { headers } = edge.request;
    const credentials = readClientCredentials(headers.get("authorization"), form);
    const unknown = {
      ...oauthError("invalid_client", "Unknown client, or wrong credentials.", 401),
      readableBy: null,
    };
    if (!credentials) return unknown;
    const client = await authenticateClient(edge, credentials);
    if (client.kind === "unknown") return unknown;
    const readableBy = readerOf(client.application, edge);
    if (client.kind === "refused") return { ...unknown, readableBy };
    return { ...(await handle(client.application, form, edge)), readableBy };
  });
}

/** The origin that asks, where it is one of an application's own addresses. */
export function readerOf({ redirectAddresses }: Application, { request }: Edge): string | null {
  const origin = request.headers.get("origin");
  return origin !== null && originsOf(redirectAddresses).includes(origin) ? origin : null;
}

/** The exports of a route file for client libraries. A preflight lets every registered origin pass: it names no client. */
export function oauthMethods(actions: Parameters<typeof methods>[0]): ReturnType<typeof methods> {
  return methods(actions, {
    readers: async (edge) => {
      const origin = edge.request.headers.get("origin");
      return origin !== null && (await isRegisteredOrigin(edge, origin)) ? origin : null;
    },
    faults: oauthFault,
  });
}
