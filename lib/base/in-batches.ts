/** Few enough that each statement holds its locks for milliseconds. */
const BATCH = 500;

/** Deletes batch by batch until nothing is left, and returns how many went. */
export async function deleteInBatches(deleteUpTo: (limit: number) => Promise<number>): Promise<number> {
  let deleted = 0;
  for (;;) {
    const gone = await deleteUpTo(BATCH);
    if (gone === 0) return deleted;
    deleted += gone;
  }
}
