/**
 * Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once, as people expect. Called before
 * anything is started, so that a start that is interrupted still ends what it began.
 */
export function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
