import type { Metadata } from "next";
import { TakeBack } from "@/components/entry/take-back.tsx";

export const metadata: Metadata = { title: "This wasn't me" };

export default async function NotMePage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return (
    <TakeBack
      token={typeof token === "string" ? token : ""}
      title="Was that not you?"
      lead="Then log every device out now, the one that just logged in too, and choose a new password."
      path="/api/not-me"
      label="Log out everywhere"
      busy="Logging out …"
      done="Every device is logged out."
    />
  );
}
