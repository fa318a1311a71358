import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import type { MadeCredential, SignedCredential } from "@/lib/contract/passkeys.ts";

const PRESENT = 0x01;
const VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const BACKED_UP = 0x10;
const WITH_CREDENTIAL = 0x40;
const AAGUID = Buffer.alloc(16, 0xad);

type Manner = {
  /** Whether it made sure of its owner. */
  verified?: boolean;
  synced?: boolean;
  origin?: string;
  rpId?: string;
  counter?: number;
  /** Whose it says to be, in base64url; null says nothing. */
  userHandle?: string | null;
};

/** What a server hands a browser, as far as an authenticator reads it. */
type Options = { challenge?: unknown; user?: unknown };

/** An authenticator in software, that holds one ES256 key and does as it is told, honestly or not. */
export function createAuthenticator(usual: Manner = {}) {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const id = randomBytes(16);
  let handle: string | null = null;
  let used = 0;

  const dataOf = (manner: Manner, extra: number, rest: Buffer) => {
    const { verified = true, synced = false, rpId = "localhost", counter = ++used } = { ...usual, ...manner };
    const flags = PRESENT | (verified ? VERIFIED : 0) | (synced ? BACKUP_ELIGIBLE | BACKED_UP : 0) | extra;
    const fixed = Buffer.alloc(5);
    fixed.writeUInt8(flags, 0);
    fixed.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash("sha256").update(rpId).digest(), fixed, rest]);
  };
  const clientDataOf = (type: string, { challenge }: Options, manner: Manner) => {
    const { origin = "http://localhost:3000" } = { ...usual, ...manner };
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  };

  return {
    id: id.toString("base64url"),
    /** Makes its credential, as `navigator.credentials.create()` would. */
    make(options: Options, manner: Manner = {}): MadeCredential {
      handle = (options.user as { id: string }).id;
      const { x, y } = publicKey.export({ format: "jwk" });
      const bytes = (text = "") => new Uint8Array(Buffer.from(text, "base64url"));
      const cose = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(x)],
        [-3, bytes(y)],
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const credential = Buffer.concat([AAGUID, length, id, isoCBOR.encode(cose as never)]);
      const authData = new Uint8Array(dataOf(manner, WITH_CREDENTIAL, credential));
      const attestation = new Map<string, unknown>([
        ["fmt", "none"],
        ["attStmt", new Map()],
        ["authData", authData],
      ]);
      return {
        id: id.toString("base64url"),
        rawId: id.toString("base64url"),
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientDataOf("webauthn.create", options, manner).toString("base64url"),
          attestationObject: Buffer.from(isoCBOR.encode(attestation as never)).toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    /** Signs, as `navigator.credentials.get()` would. */
    sign(options: Options, manner: Manner = {}): SignedCredential {
      const authData = dataOf(manner, 0, Buffer.alloc(0));
      const clientData = clientDataOf("webauthn.get", options, manner);
      const clientHash = createHash("sha256").update(clientData).digest();
      const { userHandle = handle } = { ...usual, ...manner };
      return {
        id: id.toString("base64url"),
        rawId: id.toString("base64url"),
        type: "public-key",
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData.toString("base64url"),
          authenticatorData: authData.toString("base64url"),
          signature: sign("sha256", Buffer.concat([authData, clientHash]), privateKey).toString("base64url"),
          ...(userHandle !== null && { userHandle }),
        },
      };
    },
  };
}
export type Authenticator = ReturnType<typeof createAuthenticator>;
