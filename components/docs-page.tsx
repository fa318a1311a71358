import Link from "next/link";
import type { ReactNode } from "react";
import { Wordmark } from "./wordmark.tsx";

/** The frame of the API's page: a title, a list of what is on it, sections. */
export function DocsPage({
  title,
  lead,
  contents,
  children,
}: {
  title: string;
  lead: ReactNode;
  contents: { id: string; title: string }[];
  children: ReactNode;
}) {
  return (
    <div className="mx-auto min-h-dvh max-w-4xl px-5 pb-24">
      <header className="border-b border-line py-5">
        <Link href="/" prefetch={false} className="inline-flex">
          <Wordmark />
        </Link>
      </header>
      <main className="space-y-16 pt-10">
        <div className="space-y-4">
          <h1 className="text-title font-semibold tracking-tight">{title}</h1>
          <div className="max-w-[68ch] text-quiet">{lead}</div>
          <nav aria-label="On this page">
            <ul className="flex flex-wrap gap-x-5">
              {contents.map(({ id, title: name }) => (
                <li key={id}>
                  <a
                    href={`#${id}`}
                    className="inline-flex min-h-11 items-center underline underline-offset-4"
                  >
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        {children}
      </main>
    </div>
  );
}

/** One section of it. */
export function DocsSection({
  id,
  title,
  lead,
  children,
}: {
  id: string;
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-labelledby={id} className="space-y-6">
      <div className="space-y-1.5">
        <h2 id={id} className="scroll-mt-6 text-heading font-semibold tracking-tight">
          {title}
        </h2>
        {lead && <p className="max-w-[68ch] text-quiet">{lead}</p>}
      </div>
      {children}
    </section>
  );
}
