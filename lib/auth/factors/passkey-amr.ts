type Proven = { credentialDeviceType: "singleDevice" | "multiDevice"; userVerified: boolean };

/** What a passkey adds to how a session was proven (RFC 8176): a key on one device or a synced one, and its owner where that was made sure of. */
export function passkeyAmr({ credentialDeviceType, userVerified }: Proven): string[] {
  return [credentialDeviceType === "multiDevice" ? "swk" : "hwk", ...(userVerified ? ["user"] : []), "mfa"];
}
