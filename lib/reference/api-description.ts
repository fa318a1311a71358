import { version } from "@/lib/base/version.ts";
import { makeDocument, type OpenApiDocument } from "@/lib/reference/openapi/document.ts";
import { readOperations, readShapes } from "@/lib/reference/openapi/read-operation.ts";
import type { Settings } from "@/lib/settings/env.ts";

/** The description of the API as it is reached here; made once. */
export const apiDescription = once(
  (settings): OpenApiDocument => makeDocument({ appUrl: settings.APP_URL, version }),
);

/** The same put together for a page; made once. */
export const apiReference = once((settings) => {
  const document = apiDescription(settings);
  const areas = document.tags.map((tag) => ({
    ...tag,
    id: tag.name.toLowerCase().replaceAll(" ", "-"),
    calls: readOperations(document, tag.name),
  }));
  return { introduction: document.info.description, areas, shapes: readShapes(document) };
});

/** What `make` made of the same settings before, or makes now. */
function once<Made>(make: (settings: Settings) => Made): (settings: Settings) => Made {
  const made = new WeakMap<Settings, Made>();
  return (settings) => {
    const found = made.get(settings) ?? make(settings);
    made.set(settings, found);
    return found;
  };
}
