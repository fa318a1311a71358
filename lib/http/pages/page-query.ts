/** What a page was asked with, as an API call would be: a name that comes twice stays twice. */
export async function readPageQuery(searchParams: PageProps["searchParams"]): Promise<URLSearchParams> {
  const given = Object.entries(await searchParams);
  return new URLSearchParams(
    given.flatMap(([name, values]) =>
      [values ?? []].flat().map((value) => [name, value] as [string, string]),
    ),
  );
}

/** What Next gives a page that is asked with a query. */
export type PageProps = { searchParams: Promise<Record<string, string | string[] | undefined>> };
