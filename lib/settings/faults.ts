import { readPrivateKey, readPublicKey } from "@/lib/base/crypto.ts";
import type { Settings } from "./env.ts";
import { secret } from "./fields.ts";

/** Values that stand in examples and tutorials, ours included: known to everybody, so never a deployment's secret. */
const PUBLISHED_SECRET =
  /^change.?me|^replace.?me|^django-insecure-|^your.(256-bit.)?secret|^a-string-secret-at-least-256-bits|^keyboard.cat/i;

/** What is wrong with settings that are each well-formed: one line a fault, never with a value in it. */
export function findFaults(settings: Settings): string[] {
  return [
    ...deploymentFaults(settings),
    ...keyFaults(settings),
    ...mailFaults(settings),
    ...passkeyFaults(settings),
  ];
}

/** Browsers bind a passkey to a host or to a parent of it that is no public suffix (WebAuthn §5.1.3). */
function passkeyFaults({ APP_URL, PASSKEY_RP_ID: id }: Settings): string[] {
  const { hostname } = new URL(APP_URL);
  const fits = id === undefined || id === hostname || (id.includes(".") && hostname.endsWith(`.${id}`));
  return fits ? [] : ["PASSKEY_RP_ID must be the host of APP_URL or a parent of it"];
}

function deploymentFaults(settings: Settings): string[] {
  if (settings.local) return [];
  const faults: string[] = [];
  if (settings.RATE_LIMITS === "off")
    faults.push("RATE_LIMITS can only be off where APP_URL names this machine");
  if (!settings.https) faults.push("APP_URL must begin with https:// unless it names this machine");
  if (!settings.SECRET_KEY) faults.push("SECRET_KEY is required; make one with: openssl rand -base64 48");
  if (settings.METRICS_TOKEN !== undefined && Buffer.byteLength(settings.METRICS_TOKEN) < 16)
    faults.push("METRICS_TOKEN must have at least 16 bytes; make one with: openssl rand -base64 24");
  for (const name of ["SECRET_KEY", "SIGNING_KEY", "VERIFYING_KEY"] as const) {
    const value = settings[name] ?? "";
    if (PUBLISHED_SECRET.test(value) || new Set(value).size === 1)
      faults.push(`${name} is a published example value; make your own`);
  }
  return faults;
}

/** Contract §5: the mailbox, which shows everybody's codes to everybody, can't even start on a deployment. */
function mailFaults(settings: Settings): string[] {
  const { local, MAIL_TRANSPORT, RESEND_API_KEY, SMTP_URL, MAIL_FROM } = settings;
  if (MAIL_TRANSPORT === "mailbox") {
    return local ? [] : ["MAIL_TRANSPORT must be resend or smtp unless APP_URL names this machine"];
  }
  const faults: string[] = [];
  if (MAIL_TRANSPORT === "resend" && !RESEND_API_KEY)
    faults.push("RESEND_API_KEY is required with MAIL_TRANSPORT=resend");
  if (MAIL_TRANSPORT === "smtp" && !SMTP_URL) faults.push("SMTP_URL is required with MAIL_TRANSPORT=smtp");
  if (!MAIL_FROM) faults.push(`MAIL_FROM is required with MAIL_TRANSPORT=${MAIL_TRANSPORT}`);
  return faults;
}

function keyFaults({ ALGORITHM, SIGNING_KEY, VERIFYING_KEY }: Settings): string[] {
  if (ALGORITHM.startsWith("HS")) {
    return Object.entries({ SIGNING_KEY, VERIFYING_KEY })
      .filter(
        ([, value]) =>
          value !== undefined && (value.includes("-----BEGIN ") || !secret.safeParse(value).success),
      )
      .map(([name]) => `${name} must be a secret of at least 32 bytes of your own making`);
  }
  if (!SIGNING_KEY) return [`SIGNING_KEY is required: a private key in PEM for ${ALGORITHM}`];
  const faults: string[] = [];
  if (!fits(ALGORITHM, SIGNING_KEY, readPrivateKey)) {
    faults.push(`SIGNING_KEY must be a private key in PEM that fits ${ALGORITHM}`);
  }
  if (VERIFYING_KEY && !pemBlocks(VERIFYING_KEY).every((block) => fits(ALGORITHM, block, readPublicKey))) {
    faults.push(`VERIFYING_KEY must be public keys in PEM that fit ${ALGORITHM}`);
  }
  return faults;
}

/** The PEM blocks in `text`, one key each. */
export function pemBlocks(text: string): string[] {
  return text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [text];
}

function fits(algorithm: string, block: string, read: typeof readPrivateKey): boolean {
  try {
    const key = read(block);
    const details = key.asymmetricKeyDetails ?? {};
    if (algorithm === "ES256") return key.asymmetricKeyType === "ec" && details.namedCurve === "prime256v1";
    if (algorithm === "EdDSA") return key.asymmetricKeyType === "ed25519";
    return key.asymmetricKeyType === "rsa" && (details.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}
