/** Why a list can't be shown as it was asked for. */
export function Problem({ detail }: { detail: string | undefined }) {
  return (
    <p role="alert" className="rounded-xl border border-dashed border-danger p-5 text-danger">
      {detail ?? "This can't be shown."} Change the filters above, or clear them.
    </p>
  );
}
