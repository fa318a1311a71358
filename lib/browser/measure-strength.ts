/** How hard a password is to guess, from 0 to 4, and the one thing that would help most; none where none is needed. */
export type Strength = { level: 0 | 1 | 2 | 3 | 4; advice: string };

const TOO_SHORT = "Use at least 8 characters.";
const MIN_CHARACTERS = 8;
const GOOD_LEVEL = 3;

/**
 * From how many guesses on, as powers of ten, a password counts as the next level. They are stricter than zxcvbn's own:
 * the lists know stolen passwords but few words of any language, so that it takes many words for chance.
 */
const LEVELS = [3, 6, 10, 12];
const ANOTHER_WORD = "Another word or two would help.";
const KEYBOARD = "Neighbours on the keyboard are tried early.";
const REPETITION = "Repeating the same adds little.";
const USED_BY_MANY = "Many people use one like it.";
const DATE = "Dates and years are tried early.";

/** What to say about the weakness that zxcvbn names. */
const ADVICE: Record<string, string> = {
  straightRow: KEYBOARD,
  keyPattern: KEYBOARD,
  simpleRepeat: REPETITION,
  extendedRepeat: REPETITION,
  sequences: "Runs such as abcd or 6543 are tried early.",
  recentYears: DATE,
  dates: DATE,
  topTen: USED_BY_MANY,
  topHundred: USED_BY_MANY,
  common: USED_BY_MANY,
  similarToCommon: USED_BY_MANY,
  userInputs: "Your address and name are tried early.",
};

/**
 * Measures a password in the browser, by what guessing programs try first: common passwords, words, dates, rows of keys
 * and `related`, the person's own words. It advises and refuses nothing; the server's rules do that. The word lists
 * (400 KB) are loaded at the first call, so whoever types no new password never loads them.
 */
export async function measureStrength(password: string, related: readonly string[]): Promise<Strength> {
  const estimator = await loadEstimator();
  const text = password.normalize("NFC");
  const { guessesLog10, feedback } = estimator.check(text, wordsOf(related));
  const level = LEVELS.filter((least) => guessesLog10 >= least).length as Strength["level"];
  if ([...text].length < MIN_CHARACTERS) return { level, advice: TOO_SHORT };
  if (level >= GOOD_LEVEL) return { level, advice: "" };
  return { level, advice: ADVICE[feedback.warning ?? ""] ?? ANOTHER_WORD };
}

type Estimator = Awaited<ReturnType<typeof makeEstimator>>;
let estimator: Promise<Estimator> | undefined;

/** A load that failed is tried again at the next call. */
function loadEstimator(): Promise<Estimator> {
  estimator ??= makeEstimator().catch((error) => {
    estimator = undefined;
    throw error;
  });
  return estimator;
}

async function makeEstimator() {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}

/** Each text whole, what stands before its @, without its spaces, and its words: an address is guessed in parts too. */
function wordsOf(related: readonly string[]): string[] {
  const texts = related.flatMap((text) => [
    text,
    text.replace(/@.*/, ""),
    text.replace(/\s+/g, ""),
    ...text.split(/[^\p{L}\p{N}]+/u),
  ]);
  return texts.filter((text) => text.length > 2);
}
