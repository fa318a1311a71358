import { makeDocument, type OpenApiDocument } from "@/lib/contract/openapi/document.ts";
import type { Settings } from "@/lib/env.ts";
import { version } from "@/lib/version.ts";

const made = new WeakMap<Settings, OpenApiDocument>();

/** The description of the API as it is reached here; made once. */
export function apiDescription(settings: Settings): OpenApiDocument {
  const document = made.get(settings) ?? makeDocument({ appUrl: settings.APP_URL, version });
  made.set(settings, document);
  return document;
}
