const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** A count as sentences say it: "five", "30". */
export function numberWord(count: number): string {
  return WORDS[count] ?? String(count);
}

/** A lifetime in the largest unit that it is a whole number of: "ten minutes", "30 days". */
export function durationWords(seconds: number): string {
  const [unit, unitSeconds] = UNITS.find(([, size]) => seconds % size === 0) ?? ["second", 1];
  const count = seconds / unitSeconds;
  return `${numberWord(count)} ${unit}${count === 1 ? "" : "s"}`;
}
