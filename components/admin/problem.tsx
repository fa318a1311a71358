/** Why a list can't be shown as it was asked for; what is wrong with one filter stands beside that. */
export function Problem({ detail, faults }: { detail: string | undefined; faults: Record<string, string> }) {
  const known = Object.keys(faults).length > 0 ? undefined : detail;
  return (
    <p role="alert" className="rounded-xl border border-dashed border-danger p-5 text-danger">
      {known ?? "This can't be shown."} Change the filters above, or clear them.
    </p>
  );
}
