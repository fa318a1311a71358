const DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789";
const BASE = DIGITS.length;
const MAX_CODE_POINT = 0x10ffff;

/** What the text after `xn--` in a label of a domain means, or null where it means nothing (RFC 3492 §6.2). */
export function decodePunycode(encoded: string): string | null {
  const plainEnd = Math.max(encoded.lastIndexOf("-"), 0);
  const points = Array.from(encoded.slice(0, plainEnd), (character) => character.charCodeAt(0));
  let [at, point, index, bias] = [plainEnd && plainEnd + 1, 128, 0, 72];
  while (at < encoded.length) {
    const before = index;
    for (let [k, weight] = [BASE, 1]; ; k += BASE) {
      const digit = DIGITS.indexOf(encoded[at++] ?? "-");
      if (digit < 0) return null;
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, 1), 26);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = points.length + 1;
    bias = adaptBias(index - before, length, before === 0);
    point += Math.floor(index / length);
    index %= length;
    if (point > MAX_CODE_POINT) return null;
    points.splice(index++, 0, point);
  }
  return String.fromCodePoint(...points);
}

/** RFC 3492 §6.1. */
function adaptBias(delta: number, length: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > 455; k += BASE) rest = Math.floor(rest / (BASE - 1));
  return k + Math.floor((BASE * rest) / (rest + 38));
}
