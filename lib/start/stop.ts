/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once, as people expect. */
export function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
