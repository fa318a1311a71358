import type { Metadata } from "next";
import Link from "next/link";
import { NarrowPage } from "@/components/frames/narrow-page.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <NarrowPage title="There is nothing here" lead="The address may be mistyped, or what was here is gone.">
      <p>
        <Link href="/" prefetch={false} className="underline underline-offset-4">
          Go to the start
        </Link>
      </p>
    </NarrowPage>
  );
}
