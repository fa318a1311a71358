import type { Metadata } from "next";
import { TakeBack } from "@/components/take-back.tsx";

export const metadata: Metadata = { title: "Undo the change of address" };

export default async function UndoEmailChangePage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  return (
    <TakeBack
      token={typeof token === "string" ? token : ""}
      title="Undo the change of address?"
      lead="Your account gets the address back that this link was sent to. Every device is logged out, and you choose a new password."
      path="/api/email/undo"
      label="Undo the change"
      busy="Undoing …"
      done="Your address is as it was, and every device is logged out."
    />
  );
}
