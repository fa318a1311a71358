import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { Wordmark } from "@/components/frames/wordmark.tsx";
import { runningApp } from "@/lib/app/running-app.ts";
import { namesThisMachine } from "@/lib/http/request/names-this-machine.ts";
import { type KeptMail, readMailbox } from "@/lib/mail/read-mailbox.ts";

export const metadata: Metadata = { title: "Mailbox", robots: { index: false } };
export const dynamic = "force-dynamic";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The mail that a local Keyturn wrote instead of sending. A deployment has no such page. */
export default async function Mailbox({ searchParams }: Props) {
  const { to, mail } = await searchParams;
  const address = typeof to === "string" && to !== "" ? to : null;
  const read = await readMailbox(await runningApp(), address);
  if (read.kind !== "read" || !namesThisMachine(await headers())) notFound();
  const chosen = read.results.find(({ id }) => id === mail) ?? read.results[0];
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-1 gap-x-10 gap-y-6 px-5 pb-16 md:grid-cols-[18rem_minmax(0,1fr)]">
      <header className="flex flex-wrap items-end justify-between gap-4 pt-6 md:col-span-2">
        <div className="space-y-1">
          <Wordmark />
          <h1 className="pt-4 text-heading font-semibold tracking-tight">Mailbox</h1>
          <p className="text-quiet">What Keyturn would have sent. Nothing leaves this machine.</p>
        </div>
        <Filter address={address} />
      </header>
      <nav aria-label="Mail">
        {read.results.length === 0 && <p className="text-quiet">No mail yet.</p>}
        <ol className="grid max-h-60 grid-cols-1 gap-1 overflow-auto p-1 md:max-h-none">
          {read.results.map((item) => (
            <li key={item.id}>
              <Entry item={item} address={address} current={item.id === chosen?.id} />
            </li>
          ))}
        </ol>
      </nav>
      <main>{chosen && <Letter item={chosen} />}</main>
    </div>
  );
}

function Filter({ address }: { address: string | null }) {
  const look = "min-h-11 rounded-lg border border-line bg-surface px-3 py-2";
  return (
    <form className="flex w-full gap-2 sm:w-auto">
      <input
        name="to"
        type="search"
        aria-label="Address"
        placeholder="Only to this address"
        defaultValue={address ?? ""}
        className={`min-w-0 grow ${look}`}
      />
      <button type="submit" className={`font-medium hover:border-quiet ${look}`}>
        Show
      </button>
    </form>
  );
}

function Entry({ item, address, current }: { item: KeptMail; address: string | null; current: boolean }) {
  const query = new URLSearchParams({ ...(address && { to: address }), mail: item.id });
  return (
    <a
      href={`/dev/mailbox?${query}`}
      aria-current={current ? "page" : undefined}
      className="block rounded-lg border border-transparent px-3 py-2 wrap-anywhere hover:border-line aria-[current]:border-line aria-[current]:bg-surface"
    >
      <strong className="block font-semibold">{item.subject}</strong>
      <span className="block text-small text-quiet">{item.to}</span>
      <Moment iso={item.created_at} />
    </a>
  );
}

/** The mail's HTML may run nothing and reach nothing of this page; its links open in a tab of their own. */
function Letter({ item }: { item: KeptMail }) {
  return (
    <article className="space-y-4">
      <div className="wrap-anywhere">
        <h2 className="text-lead font-semibold tracking-tight">{item.subject}</h2>
        <p className="text-small text-quiet">
          To {item.to}, <Moment iso={item.created_at} />
        </p>
      </div>
      <iframe
        title={`${item.subject}, as a mail program shows it`}
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        srcDoc={item.html.replace("<head>", '<head><base target="_blank"/>')}
        className="h-[46rem] w-full rounded-lg border border-line bg-surface"
      />
      <h3 className="pt-2 font-semibold">As text</h3>
      <pre className="whitespace-pre-wrap rounded-lg border border-line bg-surface p-5 font-mono text-small wrap-anywhere">
        {item.text}
      </pre>
    </article>
  );
}

function Moment({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} className="text-small text-quiet">
      {iso.replace("T", " ").replace(/\.\d+Z$/, " UTC")}
    </time>
  );
}
