/** How long to wait after too many tries, as people say it; a minute where the answer does not tell. */
export function waitSentence(retryAfterSeconds: number): string {
  const minutes = Math.ceil(retryAfterSeconds / 60) || 1;
  return `Too many tries. Try again in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`;
}
