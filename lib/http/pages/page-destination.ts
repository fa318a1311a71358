import { headers } from "next/headers";
import { cache } from "react";
import { runningApp } from "@/lib/app/running-app.ts";
import { needsNewLogIn } from "@/lib/auth/applications/authorize.ts";
import { type FoundDestination, findDestination } from "@/lib/auth/destinations/find-destination.ts";
import type { Principal } from "@/lib/auth/sessions/principal.ts";
import { HOMEWARD, type Onward, onwardTo } from "@/lib/contract/onward.ts";
import { readCookies } from "@/lib/http/request/cookies.ts";
import type { PageProps } from "./page-query.ts";

/** Where this browser is going, as its page says it. */
export type PageDestination = {
  /** `none`: nowhere in particular. `ended`: too long ago, or begun in another browser. */
  kind: "none" | "ended" | "found";
  id: string;
  onward: Onward;
  /** What it goes on to, where that is no page of ours: an application's name, or a host. */
  name: string | null;
  /** Whose address an application expects. */
  email: string | null;
  /** Whether somebody who is logged in has to prove themselves anew first. */
  asksAgain(principal: Principal, now: Date): boolean;
};

const NOWHERE = { id: "", onward: HOMEWARD, name: null, email: null, asksAgain: () => false };

/** The destination that a page was opened with, in `?to=`. */
export async function pageDestination(searchParams: PageProps["searchParams"]): Promise<PageDestination> {
  const { to } = await searchParams;
  if (to === undefined) return { kind: "none", ...NOWHERE };
  const id = typeof to === "string" ? to : "";
  const found = await findKept(id);
  if (!found) return { kind: "ended", ...NOWHERE, onward: onwardTo(id) };
  const request = found.kind === "log-in" ? found.request : null;
  return {
    kind: "found",
    id,
    onward: onwardTo(id),
    name: nameOf(found),
    email: request?.loginHint ?? null,
    asksAgain: (principal, now) => found.kind === "log-in" && needsNewLogIn(found, principal, now),
  };
}

/** Whether this browser is on its way there: then the way on, else home. */
export async function onwardHere(id: string | null): Promise<Onward> {
  return id !== null && (await findKept(id)) ? onwardTo(id) : HOMEWARD;
}

/** The address that is kept under an id, for this browser; null where there is none. */
export async function keptAddress(id: unknown): Promise<string | null> {
  const found = typeof id === "string" ? await findKept(id) : null;
  return found?.kind === "address" ? found.address : null;
}

const findKept = cache(async (id: string): Promise<FoundDestination | null> => {
  const app = await runningApp();
  const { browser } = readCookies((await headers()).get("cookie"), app.settings);
  return findDestination({ app, now: app.clock.now() }, { id, browser });
});

function nameOf(found: FoundDestination): string | null {
  if (found.kind === "log-in") return found.application.name;
  return found.address.startsWith("/") ? null : new URL(found.address).host;
}
