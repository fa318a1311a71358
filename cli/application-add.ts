import { addApplication } from "@/lib/auth/applications/add-application.ts";
import { AddApplicationRequest } from "@/lib/contract/applications.ts";
import { fieldSentences } from "@/lib/contract/errors.ts";
import type { Settings } from "@/lib/settings/env.ts";
import { clientLines } from "./application-show.ts";
import { withApp } from "./database.ts";
import { done, type Outcome, refused } from "./outcome.ts";

export type ApplicationAddOptions = {
  redirect: string[];
  loggedOut: string[];
  confidential?: boolean;
  backchannel?: string;
  webhook?: string;
};

/** How a fault of each field is said on the command line. */
const NAMES: Record<string, string> = {
  name: "The name",
  redirect_addresses: "--redirect",
  logged_out_addresses: "--logged-out",
  backchannel_address: "--backchannel",
  webhook_address: "--webhook",
};

/** Adds an application and says what its client is configured with; a secret this once. */
export async function applicationAdd(
  settings: Settings,
  name: string,
  { redirect, loggedOut, confidential = false, backchannel, webhook }: ApplicationAddOptions,
): Promise<Outcome> {
  const given = {
    name,
    redirect_addresses: redirect,
    logged_out_addresses: loggedOut,
    confidential,
    backchannel_address: backchannel,
    webhook_address: webhook,
  };
  const asked = AddApplicationRequest.safeParse(given);
  if (!asked.success) {
    const faults = Object.entries(fieldSentences(asked.error.issues));
    return refused(
      ...faults.flatMap(([field, sentences]) => sentences.map((said) => `${NAMES[field] ?? field}: ${said}`)),
    );
  }
  return withApp(settings, async (app) => {
    const added = await addApplication({ app, now: app.clock.now() }, asked.data);
    return done([`Added ${added.name}. Its client needs:`, ...clientLines(settings, added)], added);
  });
}
