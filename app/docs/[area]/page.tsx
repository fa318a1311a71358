import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ApiOperation, ErrorList } from "@/components/docs/api-operation.tsx";
import { CallList } from "@/components/docs/call-list.tsx";
import { DocsPage } from "@/components/docs/docs-page.tsx";
import { FieldList } from "@/components/ui/field-list.tsx";
import { Prose } from "@/components/ui/prose.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { apiReference } from "@/lib/reference/api-description.ts";
import { readCommonErrors } from "@/lib/reference/openapi/read-operation.ts";

type Props = { params: Promise<{ area: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { title } = await findPart((await params).area);
  return { title: `${title} · API` };
}

/** One part of the API with all its calls; or what any call may answer, or the shapes that several have. */
export default async function ApiPartPage({ params }: Props) {
  const { area } = await params;
  const { areas, shapes, title, description, calls } = await findPart(area);
  return (
    <DocsPage title={title} lead={<Prose>{description}</Prose>} areas={areas} at={area}>
      {calls.length > 1 && <CallList calls={calls} at={({ id }) => `#${id}`} />}
      {calls.map((operation) => (
        <ApiOperation key={operation.id} operation={operation} />
      ))}
      {area === "errors" && <ErrorList errors={readCommonErrors()} />}
      {area === "shapes" &&
        shapes.map(({ name, fields }) => (
          <section key={name} aria-labelledby={`shape-${name}`} className="space-y-2">
            <h2 id={`shape-${name}`} className="scroll-mt-6 text-lead font-semibold">
              {name}
            </h2>
            <FieldList fields={fields} />
          </section>
        ))}
    </DocsPage>
  );
}

const BESIDES: Record<string, { title: string; description: string }> = {
  errors: { title: "Errors", description: "Any call, or any call with a body, may answer these as well." },
  shapes: { title: "Shapes", description: "What stands in more than one answer." },
};

async function findPart(id: string) {
  const { areas, shapes } = apiReference((await runningApp()).settings);
  const area = areas.find((each) => each.id === id);
  const part = area ? { ...area, title: area.name } : BESIDES[id] && { ...BESIDES[id], calls: [] };
  return part ? { ...part, areas, shapes } : notFound();
}
