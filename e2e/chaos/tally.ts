import type { Answer } from "../kit/http.ts";

/** What must not happen, a sentence for each time that it did. */
const FAULTS = [
  "false log-outs",
  "thefts unseen",
  "sessions with two winners",
  "revocations undone",
  "acknowledged refreshes forgotten",
  "strange answers",
] as const;
type Fault = (typeof FAULTS)[number];

export type Tally = {
  count(what: string): void;
  fault(fault: Fault, how: string): void;
  /** Looks at what every answer has to keep to; whether it said "not now". */
  look(call: string, answer: Answer): "answered" | "not now";
  /** Somebody was handed the successor of a generation: two holders of one are too many. */
  handedOut(session: string, generation: number, holder: string): void;
  faults(): number;
  report(): string[];
};

export function createTally(): Tally {
  const counts = new Map<string, number>();
  const faults = new Map<Fault, string[]>(FAULTS.map((fault) => [fault, []]));
  const holders = new Map<string, string>();
  const count = (what: string) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const fault = (which: Fault, how: string) => void faults.get(which)?.push(how);
  return {
    count,
    fault,
    look(call, { status, headers, body, text }) {
      const announced = (body as { code?: string } | undefined)?.code === "unavailable";
      if (status === 503 && announced && /^[1-9]\d*$/.test(String(headers["retry-after"]))) {
        count("503 announced");
        return "not now";
      }
      if (status >= 500) fault("strange answers", `${call} was answered ${status}: ${text.slice(0, 200)}`);
      return "answered";
    },
    handedOut(session, generation, holder) {
      const name = `${session} ${generation}`;
      const known = holders.get(name);
      if (known !== undefined && known !== holder)
        fault(
          "sessions with two winners",
          `${known} and ${holder} both got generation ${generation} of ${session}`,
        );
      holders.set(name, holder);
    },
    faults: () => [...faults.values()].flat().length,
    report: () => [
      [...counts].map(([what, times]) => `${times} × ${what}`).join(", "),
      ...[...faults].flatMap(([which, hows]) => [
        `${which}: ${hows.length}`,
        ...hows.map((how) => `  ${how}`),
      ]),
    ],
  };
}
