import type { Metadata } from "next";
import { ApiOperation, ErrorList } from "@/components/api-operation.tsx";
import { DocsPage, DocsSection } from "@/components/docs-page.tsx";
import { FieldList } from "@/components/field-list.tsx";
import { LogInSteps } from "@/components/log-in-steps.tsx";
import { Prose } from "@/components/prose.tsx";
import { readCommonErrors } from "@/lib/contract/openapi/read-operation.ts";
import { apiReference } from "@/lib/http/api-description.ts";
import { mailtoUrl } from "@/lib/http/security-contact.ts";
import { runningApp } from "@/lib/running-app.ts";

export const metadata: Metadata = { title: "API" };

/** The API's description for people, made from the same document that `/api/openapi.json` answers with. */
export default async function ApiPage() {
  const { settings, mail } = await runningApp();
  const { introduction, areas, shapes } = apiReference(settings);
  const contents = [
    { id: "log-in", title: "How a log-in works" },
    ...areas.map(({ id, name }) => ({ id, title: name })),
    { id: "errors", title: "Errors" },
    { id: "shapes", title: "Shapes" },
    { id: "security", title: "Security" },
  ];
  return (
    <DocsPage title="API" lead={<Prose>{introduction}</Prose>} contents={contents}>
      <DocsSection id="log-in" title="How a log-in works">
        <LogInSteps url={settings.APP_URL} />
      </DocsSection>
      {areas.map(({ id, name, description, calls }) => (
        <DocsSection key={id} id={id} title={name} lead={<Prose>{description}</Prose>}>
          {calls.map((operation) => (
            <ApiOperation key={operation.id} operation={operation} />
          ))}
        </DocsSection>
      ))}
      <DocsSection
        id="errors"
        title="Errors"
        lead="Any call, or any call with a body, may answer these as well."
      >
        <ErrorList errors={readCommonErrors()} />
      </DocsSection>
      <DocsSection id="shapes" title="Shapes">
        {shapes.map(({ name, fields }) => (
          <div key={name} className="space-y-2">
            <h3 id={`shape-${name}`} className="scroll-mt-6 font-semibold">
              {name}
            </h3>
            <FieldList fields={fields} />
          </div>
        ))}
      </DocsSection>
      <DocsSection id="security" title="Security">
        <p className="max-w-[68ch]">
          Found a hole in this Keyturn? Write to{" "}
          <a href={mailtoUrl(mail.from.address)} className="underline underline-offset-4">
            {mail.from.address}
          </a>{" "}
          before you tell anybody else, with the steps that show it, and give whoever runs it time to close
          it.
        </p>
      </DocsSection>
    </DocsPage>
  );
}
