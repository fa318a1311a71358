/** Loaded before a process starts: its clock is wrong by WRONG_CLOCK_MS. */
const wrongByMs = Number(process.env.WRONG_CLOCK_MS);
const RightDate = Date;
const now = () => RightDate.now() + wrongByMs;

function WrongDate(...args) {
  if (!new.target) return new RightDate(now()).toString();
  return Reflect.construct(RightDate, args.length === 0 ? [now()] : args, new.target);
}
const { parse, UTC, prototype } = RightDate;
globalThis.Date = Object.assign(WrongDate, { now, parse, UTC, prototype });
prototype.constructor = WrongDate;
