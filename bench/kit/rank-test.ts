/** How far apart two samples lie by their ranks (Mann–Whitney U): a z-score, 0 where neither tends to be larger. */
export function rankTest(a: number[], b: number[]): number {
  const all = [...a.map((value) => ({ value, fromA: true })), ...b.map((value) => ({ value, fromA: false }))];
  all.sort((left, right) => left.value - right.value);
  const rankSum = all.reduce((sum, { fromA }, i) => (fromA ? sum + i + 1 : sum), 0);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return (u - mean) / deviation;
}
