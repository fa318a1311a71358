import { generateKeyPairSync, type KeyObject } from "node:crypto";

const pem = (key: KeyObject, type: "pkcs8" | "spki") => key.export({ type, format: "pem" }).toString();

const generators = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
};

type KeyPair = { privateKey: KeyObject; publicKey: KeyObject; privatePem: string; publicPem: string };
const made = new Map<string, KeyPair>();

export const symmetricAlgorithms = ["HS256", "HS384", "HS512"] as const;
export const asymmetricAlgorithms = ["RS256", "PS256", "ES256", "EdDSA"] as const;
/** Every algorithm of the contract's §5. */
export const algorithms = [...symmetricAlgorithms, ...asymmetricAlgorithms] as const;

/** A key pair that fits `algorithm`, as PEM and as objects: the same one for the same owner, for RSA takes its time. */
export function keyPair(algorithm: (typeof asymmetricAlgorithms)[number], owner = "ours"): KeyPair {
  const name = `${algorithm} ${owner}`;
  const { privateKey, publicKey } = made.get(name) ?? generators[algorithm]();
  const pair = {
    privateKey,
    publicKey,
    privatePem: pem(privateKey, "pkcs8"),
    publicPem: pem(publicKey, "spki"),
  };
  made.set(name, pair);
  return pair;
}
