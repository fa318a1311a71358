import type { Metadata } from "next";
import { NarrowPage } from "@/components/narrow-page.tsx";
import { TakeBack } from "@/components/take-back.tsx";

export const metadata: Metadata = { title: "This wasn't me" };

export default async function NotMePage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return (
    <NarrowPage
      title="Was that not you?"
      lead="Then log every device out now, the one that just logged in too, and choose a new password."
    >
      <TakeBack
        token={typeof token === "string" ? token : ""}
        path="/api/not-me"
        label="Log out everywhere"
        busy="Logging out …"
        done="Every device is logged out."
      />
    </NarrowPage>
  );
}
