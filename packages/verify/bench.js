/**
 * What hearing of ended sessions adds to a token's verification, in one run: `npm run bench -w @keyturn/verify`.
 */
import { generateKeyPair, jwtVerify, SignJWT } from "jose";
import { createRevocations } from "./revocations.js";

const ENDED = 100_000;
const CHECKS = 1_000_000;
const VERIFICATIONS = 2_000;

const revocations = createRevocations();
const untilMs = Number.MAX_SAFE_INTEGER;
for (let count = 0; count < ENDED; count += 1)
  revocations.add({ sid: crypto.randomUUID(), reason: "logged_out", atSeconds: 0, untilMs });
revocations.add({ sid: null, reason: "revoked_by_admin", atSeconds: 1, untilMs });

const callers = Array.from({ length: 1_000 }, () => ({ sid: crypto.randomUUID(), iat: 2 }));
const checkUs = await microseconds(CHECKS, (count) => {
  const caller = callers[count % callers.length];
  if (caller && revocations.reasonFor(caller) !== null) throw new Error("nobody here was logged out");
});

const { privateKey, publicKey } = await generateKeyPair("ES256");
const token = await new SignJWT({ token_type: "access", sub: "ada", sid: "phone" })
  .setProtectedHeader({ alg: "ES256" })
  .setExpirationTime("1h")
  .sign(privateKey);
const verifyUs = await microseconds(VERIFICATIONS, () =>
  jwtVerify(token, publicKey, { algorithms: ["ES256"] }),
);

console.log(`check against ${ENDED} ended sessions: ${checkUs.toFixed(3)} µs`);
console.log(`jose's verification (ES256): ${verifyUs.toFixed(1)} µs`);
console.log(
  `the check adds ${((100 * checkUs) / verifyUs).toFixed(3)} % (1 to ${Math.round(verifyUs / checkUs)})`,
);

/**
 * @param {number} times
 * @param {(count: number) => unknown} act
 */
async function microseconds(times, act) {
  for (let count = 0; count < times / 10; count += 1) await act(count);
  const startMs = performance.now();
  for (let count = 0; count < times; count += 1) {
    const done = act(count);
    if (done instanceof Promise) await done;
  }
  return ((performance.now() - startMs) * 1000) / times;
}
