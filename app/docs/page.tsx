import type { Metadata } from "next";
import { CallList } from "@/components/docs/call-list.tsx";
import { DocsPage, DocsSection } from "@/components/docs/docs-page.tsx";
import { LogInSteps } from "@/components/entry/log-in-steps.tsx";
import { Prose } from "@/components/ui/prose.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { mailtoUrl } from "@/lib/http/answer/security-contact.ts";
import { apiReference } from "@/lib/reference/api-description.ts";
import { searchCalls } from "@/lib/reference/search-calls.ts";

export const metadata: Metadata = { title: "API" };

/** The first of the API's pages, made from the document that `/api/openapi.json` answers with; or what was looked for. */
export default async function ApiPage({
  searchParams,
}: {
  searchParams: Promise<{ search?: string | string[] }>;
}) {
  const { search } = await searchParams;
  const { settings, mail } = await runningApp();
  const { introduction, areas } = apiReference(settings);
  if (typeof search === "string" && search.trim() !== "") return <Found search={search} areas={areas} />;
  return (
    <DocsPage title="API" lead={<Prose>{introduction}</Prose>} areas={areas} at="">
      <DocsSection id="log-in" title="How a log-in works">
        <LogInSteps url={settings.APP_URL} />
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

function Found({ search, areas }: { search: string; areas: ReturnType<typeof apiReference>["areas"] }) {
  const paths = new Map(
    areas.flatMap(({ id, calls }) => calls.map((call) => [call, `/docs/${id}#${call.id}`] as const)),
  );
  const found = searchCalls([...paths.keys()], search);
  const count = found.length === 1 ? "One call" : `${found.length} calls`;
  return (
    <DocsPage
      title="Search"
      lead={found.length === 0 ? "No call has all these words." : `${count} with all these words.`}
      areas={areas}
      at=""
      search={search}
    >
      {found.length > 0 && <CallList calls={found} at={(call) => paths.get(call) ?? ""} />}
    </DocsPage>
  );
}
