import { calculateJwkThumbprint, exportJWK, type JWK } from "jose";
import {
  deriveEcKey,
  deriveKey,
  hmac,
  type KeyObject,
  readPrivateKey,
  readPublicKey,
  secretKey,
} from "@/lib/base/crypto.ts";

/** One key that signs or verifies JWTs, with the `kid` its header carries. */
export type TokenKey = { kid: string; key: KeyObject };

/** The keys of one kind of token: the algorithm is fixed by us, never read from a token (RFC 8725 §3.1). */
export type KeySet = {
  algorithm: string;
  signing: TokenKey;
  /** The present key first, then earlier ones that still verify. */
  verifying: readonly TokenKey[];
};

export type TokenKeys = {
  access: KeySet;
  refresh: KeySet;
  /** Names each generation's tokens (`jti`). */
  identity: KeyObject;
  /** Signs what applications learn of a person; always asymmetric, so that they can verify it. */
  id: KeySet;
  /** Public keys for other services; empty while the algorithm is symmetric. */
  jwks: { keys: JWK[] };
  /** The same where there are applications: with the key of `id`. */
  applicationJwks: { keys: JWK[] };
};

export type KeyMaterial = {
  algorithm: string;
  secret: string;
  /** The HMAC secret or private key in PEM; `secret` where absent. */
  signingKey?: string | undefined;
  /** Further HMAC secrets (one) or public keys in PEM whose tokens are still accepted. */
  verifyingKeys: readonly string[];
};

/**
 * The keys for both tokens. Under HS* both use the signing key; under an asymmetric algorithm the refresh token,
 * which only Keyturn reads, is signed with HS256 under a key derived from the secret.
 */
export async function createTokenKeys(material: KeyMaterial): Promise<TokenKeys> {
  const identity = deriveKey(material.secret, "jti");
  if (material.algorithm.startsWith("HS")) {
    const signing = symmetricKey(material.signingKey ?? material.secret);
    const verifying = [signing, ...material.verifyingKeys.map(symmetricKey)];
    const set = { algorithm: material.algorithm, signing, verifying };
    const id = await derivedIdKeys(material.secret);
    return { access: set, refresh: set, identity, jwks: { keys: [] }, ...id };
  }
  const signing = { key: readPrivateKey(material.signingKey ?? ""), kid: "" };
  const publicKeys = [readPublicKey(signing.key), ...material.verifyingKeys.map((pem) => readPublicKey(pem))];
  const published = await Promise.all(publicKeys.map((key) => publicJwk(key, material.algorithm)));
  const unique = published.filter((jwk, i) => published.findIndex(({ kid }) => kid === jwk.kid) === i);
  const verifying = unique.map((jwk) => ({
    kid: jwk.kid,
    key: publicKeys[published.indexOf(jwk)] as KeyObject,
  }));
  const refresh = { key: deriveKey(material.secret, "refresh token"), kid: "refresh" };
  const access = {
    algorithm: material.algorithm,
    signing: { ...signing, kid: unique[0]?.kid ?? "" },
    verifying,
  };
  return {
    access,
    refresh: { algorithm: "HS256", signing: refresh, verifying: [refresh] },
    identity,
    id: access,
    jwks: { keys: unique },
    applicationJwks: { keys: unique },
  };
}

/** Under HS*, what applications verify is signed with a key of its own: they must not know the secret. */
async function derivedIdKeys(secret: string): Promise<Pick<TokenKeys, "id" | "applicationJwks">> {
  const algorithm = "ES256";
  const key = deriveEcKey(secret, "id token");
  const jwk = await publicJwk(readPublicKey(key), algorithm);
  const verifying = [{ kid: jwk.kid, key: readPublicKey(key) }];
  return { id: { algorithm, signing: { kid: jwk.kid, key }, verifying }, applicationJwks: { keys: [jwk] } };
}

/** Throws on a PEM key, left over from another algorithm: whoever knows a public key could sign with it (RFC 8725 §2.1). */
function symmetricKey(secret: string): TokenKey {
  if (secret.includes("-----BEGIN "))
    throw new Error("A key in PEM can't be the secret of an HS* algorithm.");
  return { key: secretKey(secret), kid: hmac(deriveKey(secret, "kid"), "kid").slice(0, 16) };
}

async function publicJwk(key: KeyObject, algorithm: string): Promise<JWK & { kid: string }> {
  const jwk = await exportJWK(key);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: "sig" };
}
