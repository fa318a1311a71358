import { z } from "zod";
import type { App } from "@/lib/app/app.ts";
import type { Device } from "@/lib/audit/record.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { NIL_UUID } from "@/lib/base/crypto.ts";
import { type CookieJar, readCookies } from "./cookies.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { comesFromOwnPage } from "./origin.ts";
import type { EdgeRequest } from "./read-body.ts";
import { requestDevice } from "./request-device.ts";

/** What comes with a request besides itself: Next gives `params` if the path has any, the API lane the address too. */
export type RouteContext = { params: Params | Promise<Params>; socketAddress?: string };
type Params = Record<string, string | string[] | undefined> | undefined;

/** A request as handlers see it. */
export type Edge = {
  app: App;
  now: Date;
  device: Device;
  /** Who the caller says to be; read, not yet verified. */
  credentials: Credentials;
  cookies: CookieJar;
  /** Whether a browser vouches that one of our own pages, or of a listed front end, sent this. */
  fromOwnPage: boolean;
  request: EdgeRequest;
  /** The id in the path; the nil UUID, which names nothing, where the path holds none or no UUID. */
  id: string;
  query: URLSearchParams;
};
export type LoggedInEdge = Edge & { principal: Principal };

const uuid = z.uuid();
const NO_QUERY = new URLSearchParams();

/** Reads what every handler may ask of a request. */
export function openEdge(app: App, request: EdgeRequest, params: Params, socketAddress?: string): Edge {
  const { settings } = app;
  const { headers, url } = request;
  const queryAt = url.indexOf("?");
  const cookies = readCookies(headers.get("cookie"), settings);
  return {
    app,
    now: app.clock.now(),
    device: requestDevice(headers, socketAddress, settings),
    credentials: readCredentials(headers.get("authorization"), cookies.access, settings.AUTH_HEADER_TYPES),
    cookies,
    fromOwnPage: comesFromOwnPage(headers, settings),
    request,
    id: readId(params?.id),
    query: queryAt < 0 ? NO_QUERY : new URLSearchParams(url.slice(queryAt)),
  };
}

/** The UUID in a path; the nil UUID, which names nothing, where there is none. */
export function readId(id: string | string[] | undefined): string {
  return id === undefined ? NIL_UUID : (uuid.safeParse(id).data ?? NIL_UUID);
}
