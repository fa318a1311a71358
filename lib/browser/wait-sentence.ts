/** The API's "Expected available in N seconds" as people say it. */
export function waitSentence(detail: string): string {
  const seconds = Number(/(\d+) seconds/.exec(detail)?.[1] ?? 60);
  const minutes = Math.ceil(seconds / 60);
  return `Too many tries. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
