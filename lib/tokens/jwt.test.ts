import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { CompactEncrypt, CompactSign, FlattenedSign, GeneralSign, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { algorithms, asymmetricAlgorithms, keyPair, symmetricAlgorithms } from "../testing/key-material.ts";
import { signJwt, verifyJwt } from "./jwt.ts";
import { createTokenKeys, type KeySet, type TokenKeys } from "./keys.ts";

const SECRET = "a secret that only these tests use, long enough for sixty-four bytes";
const PAYLOAD = { token_type: "access", sub: "Zoë 🔑", n: 1.5, list: [1, "2", null] };

const pairs = new Map(asymmetricAlgorithms.map((algorithm) => [algorithm, keyPair(algorithm)]));
const sets = new Map<string, TokenKeys>();
for (const algorithm of algorithms) {
  const signingKey = pairs.get(algorithm as (typeof asymmetricAlgorithms)[number])?.privatePem;
  sets.set(algorithm, await createTokenKeys({ algorithm, secret: SECRET, signingKey, verifyingKeys: [] }));
}

const setOf = (algorithm: string): TokenKeys => {
  const keys = sets.get(algorithm);
  if (!keys) throw new Error(`no keys for ${algorithm}`);
  return keys;
};
const accessOf = (algorithm: string): KeySet => setOf(algorithm).access;
/** The key a peer of ours verifies with. */
const peerKey = (algorithm: string): KeyObject => accessOf(algorithm).verifying[0]?.key as KeyObject;

const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token under HS256 with our secret, whatever its header and payload say. */
function forge(header: unknown, payload: unknown = PAYLOAD, secret: string | Buffer = SECRET): string {
  const signed = `${encode(header)}.${encode(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

const HS256 = accessOf("HS256");
const { kid } = HS256.signing;
const ownHeader = { alg: "HS256", typ: "JWT", kid };

describe.each(algorithms)("%s", (algorithm) => {
  const keys = accessOf(algorithm);

  it("gives back what was signed, and nothing more", async () => {
    expect(await verifyJwt(keys, await signJwt(keys, PAYLOAD))).toEqual(PAYLOAD);
  });

  it("writes tokens that jose accepts", async () => {
    const token = await signJwt(keys, PAYLOAD);
    const { payload, protectedHeader } = await jwtVerify(token, peerKey(algorithm), {
      algorithms: [algorithm],
    });
    expect(payload).toEqual(PAYLOAD);
    expect(protectedHeader).toEqual({ alg: algorithm, typ: "JWT", kid: keys.signing.kid });
  });

  it.each([
    ["our own header", { alg: algorithm, typ: "JWT", kid: keys.signing.kid }],
    ["another order", { kid: keys.signing.kid, typ: "JWT", alg: algorithm }],
    ["no kid", { alg: algorithm, typ: "JWT" }],
    ["no typ", { alg: algorithm, kid: keys.signing.kid }],
    ["alg alone, as SimpleJWT's peers write it", { alg: algorithm }],
  ])("reads a token that jose signed with %s", async (_, header) => {
    const token = await new SignJWT(PAYLOAD).setProtectedHeader(header).sign(keys.signing.key);
    expect(await verifyJwt(keys, token)).toEqual(PAYLOAD);
  });

  it("refuses a token whose every part stays but one bit", async () => {
    const token = await signJwt(keys, PAYLOAD);
    const parts = token.split(".");
    for (const at of [0, 1, 2]) {
      for (let bit = 0; bit < 8; bit += 1) {
        const bytes = Buffer.from(parts[at] ?? "", "base64url");
        const byte = Math.floor(bytes.length / 2);
        bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << bit), byte);
        const changed = parts.with(at, bytes.toString("base64url")).join(".");
        expect(await verifyJwt(keys, changed)).toBeNull();
      }
    }
  });

  it("refuses a token of every other algorithm", async () => {
    for (const other of algorithms.filter((each) => each !== algorithm)) {
      expect(await verifyJwt(keys, await signJwt(accessOf(other), PAYLOAD))).toBeNull();
    }
  });

  it("refuses a token of the same algorithm under another key", async () => {
    const signingKey = pairs.has(algorithm as (typeof asymmetricAlgorithms)[number])
      ? keyPair(algorithm as (typeof asymmetricAlgorithms)[number], "theirs").privatePem
      : undefined;
    const theirs = await createTokenKeys({ algorithm, secret: `${SECRET}!`, signingKey, verifyingKeys: [] });
    const token = await signJwt(theirs.access, PAYLOAD);
    expect(await verifyJwt(keys, token)).toBeNull();
    const underOurKid = { ...theirs.access, signing: { ...theirs.access.signing, kid: keys.signing.kid } };
    expect(await verifyJwt(keys, await signJwt(underOurKid, PAYLOAD))).toBeNull();
  });

  it("refuses a token whose signature is cut, longer, or another's", async () => {
    const token = await signJwt(keys, PAYLOAD);
    const [header, payload, signature = ""] = token.split(".");
    const other = (await signJwt(keys, { ...PAYLOAD, n: 2 })).split(".")[2];
    for (const wrong of [
      "",
      "AA",
      signature.slice(0, -4),
      `${signature}AAAA`,
      other,
      "A".repeat(signature.length),
    ]) {
      expect(await verifyJwt(keys, `${header}.${payload}.${wrong}`)).toBeNull();
    }
  });
});

describe.each(symmetricAlgorithms)("%s, computed here instead of by jose", (algorithm) => {
  it("makes the very token that jose makes", async () => {
    const keys = accessOf(algorithm);
    const theirs = await new CompactSign(Buffer.from(JSON.stringify(PAYLOAD)))
      .setProtectedHeader({ alg: algorithm, typ: "JWT", kid: keys.signing.kid })
      .sign(keys.signing.key);
    expect(await signJwt(keys, PAYLOAD)).toBe(theirs);
  });

  it("makes the same token again, byte for byte", async () => {
    const again = await createTokenKeys({ algorithm, secret: SECRET, verifyingKeys: [] });
    expect(await signJwt(again.access, PAYLOAD)).toBe(await signJwt(accessOf(algorithm), PAYLOAD));
  });
});

describe("an attacker who knows only public keys", () => {
  it.each([
    "none",
    "None",
    "NONE",
    "nOnE",
    "noNe",
    "",
    " HS256",
    "hs256",
    "HS256 ",
    "HS1",
    "A256GCMKW",
    "dir",
  ])("gets nothing by alg %j, with or without a signature", async (alg) => {
    const signed = `${encode({ alg, typ: "JWT" })}.${encode(PAYLOAD)}`;
    const [, , good] = forge({ alg, typ: "JWT" }).split(".");
    for (const signature of ["", "AA", good]) {
      for (const algorithm of algorithms) {
        expect(await verifyJwt(accessOf(algorithm), `${signed}.${signature}`)).toBeNull();
      }
    }
  });

  it.each([
    [undefined],
    [null],
    [["HS256"]],
    [{ name: "HS256" }],
    [256],
    [true],
  ])("gets nothing by alg %j", async (alg) => {
    expect(await verifyJwt(HS256, forge({ alg, typ: "JWT" }))).toBeNull();
  });

  it.each(asymmetricAlgorithms)("can't take the public key of %s for an HMAC secret", async (algorithm) => {
    const { publicKey, publicPem } = pairs.get(algorithm) ?? keyPair(algorithm);
    const keys = accessOf(algorithm);
    const jwk = publicKey.export({ format: "jwk" });
    const spellings = [
      publicPem,
      publicPem.trim(),
      publicPem.replaceAll("\n", "\r\n"),
      publicPem.replace(/-----.*-----|\n/g, ""),
      publicKey.export({ type: "spki", format: "der" }),
      JSON.stringify(jwk),
      JSON.stringify(setOf(algorithm).jwks.keys[0]),
      JSON.stringify(setOf(algorithm).jwks),
      jwk.n ?? jwk.x ?? "",
      Buffer.from(jwk.n ?? jwk.x ?? "", "base64url"),
    ];
    for (const secret of spellings) {
      for (const header of [
        { alg: "HS256", typ: "JWT", kid: keys.signing.kid },
        { alg: "HS256" },
        { alg: algorithm },
      ]) {
        const token = forge(header, PAYLOAD, secret);
        expect(await verifyJwt(keys, token)).toBeNull();
        expect(await verifyJwt(setOf(algorithm).refresh, token)).toBeNull();
      }
    }
  });

  it("can't use the access key for a refresh token, nor the other way round, under an asymmetric algorithm", async () => {
    for (const algorithm of asymmetricAlgorithms) {
      const { access, refresh } = setOf(algorithm);
      expect(await verifyJwt(refresh, await signJwt(access, PAYLOAD))).toBeNull();
      expect(await verifyJwt(access, await signJwt(refresh, PAYLOAD))).toBeNull();
      expect(await verifyJwt(refresh, forge({ alg: "HS256", typ: "JWT" }))).toBeNull();
    }
  });

  it("can't take an empty secret, a short one or none for ours", async () => {
    for (const secret of ["", "\0", "secret", "keyturn", kid, SECRET.slice(0, 32), `${SECRET}\n`]) {
      expect(await verifyJwt(HS256, forge(ownHeader, PAYLOAD, secret))).toBeNull();
    }
  });

  it("can't send the signature of another header", async () => {
    const [, payload, signature] = forge(ownHeader).split(".");
    for (const header of [{ alg: "HS256", typ: "JWT" }, { alg: "HS256" }, { ...ownHeader, kid: "x" }]) {
      expect(await verifyJwt(HS256, `${encode(header)}.${payload}.${signature}`)).toBeNull();
    }
  });

  it("can't spell an Ed25519 signature another way", async () => {
    const keys = accessOf("EdDSA");
    const [header, payload, signature = ""] = (await signJwt(keys, PAYLOAD)).split(".");
    const bytes = Buffer.from(signature, "base64url");
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString("hex")}`) + order;
    const other = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
    const malleated = Buffer.concat([bytes.subarray(0, 32), other]).toString("base64url");
    expect(await verifyJwt(keys, `${header}.${payload}.${malleated}`)).toBeNull();
  });

  it("can't send an ES256 signature of zeros, of the order, or in DER", async () => {
    const keys = accessOf("ES256");
    const [header, payload] = (await signJwt(keys, PAYLOAD)).split(".");
    const order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    const zero = "0".repeat(64);
    const one = `${"0".repeat(63)}1`;
    const der = `3006020101020101`;
    for (const hex of [
      zero + zero,
      zero + one,
      one + zero,
      order + one,
      one + order,
      order + order,
      one + one,
      der,
    ]) {
      const signature = Buffer.from(hex, "hex").toString("base64url");
      expect(await verifyJwt(keys, `${header}.${payload}.${signature}`)).toBeNull();
    }
  });
});

describe("a header that asks for more than we offer, under our own key", () => {
  const attacker = keyPair("ES256", "theirs");
  const jwk = attacker.publicKey.export({ format: "jwk" });

  it.each([
    ["jku", { ...ownHeader, jku: "https://evil.example/jwks.json" }],
    ["x5u", { ...ownHeader, x5u: "https://evil.example/x5u.pem" }],
    ["jwk", { ...ownHeader, jwk }],
    ["x5c", { ...ownHeader, x5c: ["MIIB"] }],
    ["x5t", { ...ownHeader, x5t: "AA" }],
    ["x5t#S256", { ...ownHeader, "x5t#S256": "AA" }],
    ["crit of nothing", { ...ownHeader, crit: [] }],
    ["crit of exp", { ...ownHeader, crit: ["exp"], exp: 1 }],
    ["b64 false", { ...ownHeader, b64: false, crit: ["b64"] }],
    ["b64 true", { ...ownHeader, b64: true }],
    ["cty JWT (a nested token)", { ...ownHeader, cty: "JWT" }],
    ["zip", { ...ownHeader, zip: "DEF" }],
    ["enc", { ...ownHeader, enc: "A256GCM" }],
    ["epk", { ...ownHeader, epk: jwk }],
    ["p2c (work without end)", { ...ownHeader, p2c: 2 ** 31 }],
    ["iv", { ...ownHeader, iv: "AA" }],
    ["url", { ...ownHeader, url: "https://evil.example" }],
    ["a name nobody knows", { ...ownHeader, x: 1 }],
    ["an empty name", { ...ownHeader, "": 1 }],
    ["typ at+jwt", { ...ownHeader, typ: "at+jwt" }],
    ["typ dpop+jwt", { ...ownHeader, typ: "dpop+jwt" }],
    ["typ jwt", { ...ownHeader, typ: "jwt" }],
    ["typ of another kind", { ...ownHeader, typ: ["JWT"] }],
    ["typ null", { ...ownHeader, typ: null }],
    ["another kid", { ...ownHeader, kid: "another" }],
    ["a kid that is a path", { ...ownHeader, kid: "../../../dev/null" }],
    ["a kid that is SQL", { ...ownHeader, kid: "' union select 'x" }],
    ["an empty kid", { ...ownHeader, kid: "" }],
    ["kid null", { ...ownHeader, kid: null }],
    ["kid of another kind", { ...ownHeader, kid: [kid] }],
  ])("%s", async (_, header) => {
    expect(await verifyJwt(HS256, forge(header))).toBeNull();
  });

  it.each([
    ["a list", '["alg","HS256"]'],
    ["a text", '"HS256"'],
    ["null", "null"],
    ["nothing", "{}"],
    ["broken JSON", '{"alg":"HS256"'],
    ["two values", '{"alg":"HS256"}{}'],
    ["alg twice, ending in none", '{"alg":"HS256","alg":"none"}'],
    ["a prototype", '{"__proto__":{"alg":"HS256"}}'],
    ["a prototype beside alg", '{"alg":"HS256","__proto__":{"typ":"x"}}'],
    ["a single quote", "{'alg':'HS256'}"],
    ["a byte order mark", '\ufeff{"alg":"HS256","typ":"JWT"}'],
  ])("%s in place of the header", async (_, header) => {
    expect(await verifyJwt(HS256, forge(header))).toBeNull();
  });

  it("a header that is not UTF-8", async () => {
    const header = Buffer.concat([
      Buffer.from('{"alg":"HS256","kid":"'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const signed = `${header.toString("base64url")}.${encode(PAYLOAD)}`;
    const signature = createHmac("sha256", SECRET).update(signed).digest("base64url");
    expect(await verifyJwt(HS256, `${signed}.${signature}`)).toBeNull();
  });
});

describe("a payload that is no JSON object, under our own key", () => {
  it.each([
    "foo",
    "",
    "null",
    "1",
    '"text"',
    "[]",
    '[{"sub":"x"}]',
    "{",
    '{"sub":"x"',
    '{"sub":"x"} x',
    "{'sub':1}",
    '\ufeff{"sub":"x"}',
  ])("%j", async (payload) => {
    expect(await verifyJwt(HS256, forge(ownHeader, payload))).toBeNull();
    expect(await verifyJwt(HS256, forge({ alg: "HS256" }, payload))).toBeNull();
  });

  it("bytes that are not UTF-8", async () => {
    const payload = Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')]);
    const signed = `${encode(ownHeader)}.${payload.toString("base64url")}`;
    const signature = createHmac("sha256", SECRET).update(signed).digest("base64url");
    expect(await verifyJwt(HS256, `${signed}.${signature}`)).toBeNull();
  });
});

describe("another spelling of a good token", () => {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** The same bytes with other unused bits, for a segment that has any. */
  function otherBits(segment: string): string[] {
    const unused = segment.length % 4 === 2 ? 4 : segment.length % 4 === 3 ? 2 : 0;
    const last = ALPHABET.indexOf(segment.at(-1) ?? "");
    return Array.from({ length: 2 ** unused - 1 }, (_, i) => segment.slice(0, -1) + ALPHABET[last ^ (i + 1)]);
  }

  it.each([
    ["our own header", ownHeader],
    ["a peer's header", { alg: "HS256" }],
  ])("unused bits set in any part, under %s", async (_, header) => {
    let spellings = 0;
    for (const n of [1, 10, 100]) {
      const token = forge(header, { n });
      expect(await verifyJwt(HS256, token)).toEqual({ n });
      const parts = token.split(".");
      for (const at of [0, 1, 2]) {
        for (const part of otherBits(parts[at] ?? "")) {
          const spelled = parts.with(at, part);
          expect(Buffer.from(part, "base64url")).toEqual(Buffer.from(parts[at] ?? "", "base64url"));
          expect(await verifyJwt(HS256, spelled.join("."))).toBeNull();
          spellings += 1;
        }
      }
    }
    expect(spellings).toBeGreaterThan(20);
  });

  it("unused bits set before signing: the text is signed, but not canonical", async () => {
    for (const part of otherBits(encode({ n: 1 }))) {
      const signed = `${encode(ownHeader)}.${part}`;
      const signature = createHmac("sha256", SECRET).update(signed).digest("base64url");
      expect(await verifyJwt(HS256, `${signed}.${signature}`)).toBeNull();
    }
  });

  it.each([
    ["padding", (token: string) => token.replaceAll(".", "=.").concat("=")],
    ["padding of the signature", (token: string) => `${token}=`],
    ["standard base64", (token: string) => token.replaceAll("-", "+").replaceAll("_", "/")],
    ["a space before", (token: string) => ` ${token}`],
    ["a space after", (token: string) => `${token} `],
    ["a line feed after", (token: string) => `${token}\n`],
    ["a carriage return after", (token: string) => `${token}\r`],
    ["spaces at the dots", (token: string) => token.replaceAll(".", " . ")],
    ["a tab inside", (token: string) => token.replace("e", "e\t")],
    ["a NUL after", (token: string) => `${token}\0`],
    ["a zero-width space inside", (token: string) => token.replace("e", "e\u200b")],
    ["full-width letters", (token: string) => token.replace("e", "ｅ")],
    ["a full-width dot", (token: string) => token.replace(".", "．")],
    ["percent encoding", (token: string) => token.replaceAll(".", "%2E")],
    ["its scheme before it", (token: string) => `Bearer ${token}`],
    ["quotes around it", (token: string) => `"${token}"`],
    ["a dot after", (token: string) => `${token}.`],
    ["a dot before", (token: string) => `.${token}`],
    ["a fourth part", (token: string) => `${token}.AAAA`],
    ["five parts, as a JWE has", (token: string) => `${token}.AAAA.AAAA`],
    ["an empty part between", (token: string) => token.replace(".", "..")],
    ["no signature", (token: string) => token.slice(0, token.lastIndexOf("."))],
    ["an empty signature", (token: string) => token.slice(0, token.lastIndexOf(".") + 1)],
    ["upper case", (token: string) => token.toUpperCase()],
    ["twice", (token: string) => token + token],
  ])("%s", async (_, respell) => {
    const token = forge(ownHeader, { n: "???>>>~~~" });
    expect(await verifyJwt(HS256, token)).not.toBeNull();
    const respelled = respell(token);
    expect(respelled).not.toBe(token);
    expect(await verifyJwt(HS256, respelled)).toBeNull();
    expect(await verifyJwt(HS256, respell(forge({ alg: "HS256" }, { n: "???>>>~~~" })))).toBeNull();
  });

  it.each([
    "",
    ".",
    "..",
    "...",
    "....",
    "a",
    "a.b",
    "a.b.c",
    "null",
    "undefined",
    "{}",
    "[]",
    "🔑.🔑.🔑",
  ])("%j is no token", async (text) => {
    for (const algorithm of algorithms) expect(await verifyJwt(accessOf(algorithm), text)).toBeNull();
  });
});

describe("other containers", () => {
  const key = createSecretKey(Buffer.from(SECRET));
  const bytes = Buffer.from(JSON.stringify(PAYLOAD));

  it("JWS JSON serialisation, flattened and general", async () => {
    const flattened = await new FlattenedSign(bytes).setProtectedHeader({ alg: "HS256" }).sign(key);
    const general = await new GeneralSign(bytes)
      .addSignature(key)
      .setProtectedHeader({ alg: "HS256" })
      .sign();
    for (const token of [JSON.stringify(flattened), JSON.stringify(general), encode(flattened)]) {
      expect(await verifyJwt(HS256, token)).toBeNull();
    }
  });

  it("a JWE under our own secret, and one for our public key", async () => {
    const direct = await new CompactEncrypt(bytes)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(Buffer.from(SECRET).subarray(0, 32));
    const wrapped = await new CompactEncrypt(bytes)
      .setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM" })
      .encrypt(pairs.get("RS256")?.publicKey ?? key);
    for (const token of [direct, wrapped]) {
      expect(token.split(".")).toHaveLength(5);
      for (const algorithm of algorithms) expect(await verifyJwt(accessOf(algorithm), token)).toBeNull();
    }
  });
});

describe("size", () => {
  it("takes a token of 8,192 characters and refuses one of 8,193 and more, however well signed", async () => {
    const room = (characters: number) => forge(ownHeader, { pad: "x".repeat(characters) });
    const fits = Array.from({ length: 7_000 }, (_, n) => n).findLast((n) => room(n).length <= 8_192) ?? 0;
    expect(room(fits).length).toBeGreaterThan(8_190);
    expect(await verifyJwt(HS256, room(fits))).not.toBeNull();
    for (const token of [room(fits + 1), room(60 * 1024), room(5_000_000)]) {
      expect(await verifyJwt(HS256, token)).toBeNull();
    }
  });

  it("decides long nonsense at once", async () => {
    const started = performance.now();
    for (const text of [
      "a".repeat(60 * 1024),
      ".".repeat(60 * 1024),
      "a.".repeat(30 * 1024),
      `${"a".repeat(8_000)}!`,
    ]) {
      for (let turn = 0; turn < 100; turn += 1) expect(await verifyJwt(HS256, text)).toBeNull();
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
