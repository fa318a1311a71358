import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "@/components/frames/wordmark.tsx";
import { Button } from "@/components/ui/button.tsx";

type Props = {
  title: string;
  lead?: ReactNode;
  /** The parts of the API, in order. */
  areas: { id: string; name: string }[];
  /** The part that is shown; empty on the first page. */
  at: string;
  /** What was looked for. */
  search?: string;
  children: ReactNode;
};

/** The frame of the API's pages: the list of its parts, which stays in sight, and a search over all of them. */
export function DocsPage({ title, lead, areas, at, search = "", children }: Props) {
  const places = [
    { id: "", name: "How a log-in works" },
    ...areas,
    { id: "errors", name: "Errors" },
    { id: "shapes", name: "Shapes" },
  ];
  return (
    <div className="mx-auto min-h-dvh max-w-6xl px-5 pb-24">
      <header className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 border-b border-line py-4">
        <Link href="/" prefetch={false} className="inline-flex">
          <Wordmark />
        </Link>
        <search>
          <form action="/docs" className="flex gap-2">
            <input
              type="search"
              name="search"
              aria-label="Search the calls"
              placeholder="Path, field, error"
              maxLength={100}
              defaultValue={search}
              className="min-h-11 w-44 rounded-lg border border-edge bg-surface px-3 sm:w-64"
            />
            <Button type="submit" look="quiet" native>
              Search
            </Button>
          </form>
        </search>
      </header>
      <div className="gap-12 pt-6 lg:grid lg:grid-cols-[13rem_minmax(0,1fr)] lg:pt-10">
        <nav aria-label="The API" className="lg:sticky lg:top-6 lg:self-start">
          <ul className="flex flex-wrap gap-x-5 lg:block">
            {places.map(({ id, name }) => (
              <li key={id}>
                <Link
                  href={`/docs${id && `/${id}`}`}
                  prefetch={false}
                  aria-current={id === at && !search ? "page" : undefined}
                  className="inline-flex min-h-11 items-center text-quiet hover:text-ink aria-[current]:font-medium aria-[current]:text-ink lg:min-h-9"
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <main className="min-w-0 space-y-10 pt-6 lg:pt-0">
          <div className="space-y-3">
            <h1 className="text-title font-semibold tracking-tight">{title}</h1>
            {lead && <p className="max-w-[68ch] text-quiet">{lead}</p>}
          </div>
          {children}
        </main>
      </div>
    </div>
  );
}

/** One section of a page. */
export function DocsSection({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="space-y-6">
      <h2 id={id} className="scroll-mt-6 text-heading font-semibold tracking-tight">
        {title}
      </h2>
      {children}
    </section>
  );
}
