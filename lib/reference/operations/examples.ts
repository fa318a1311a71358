/**
 * What stands in examples for what only a running Keyturn can give. The test that sends every example puts real ones in
 * their place.
 */
export const EXAMPLE = {
  email: "ada@example.com",
  newEmail: "ada@new.example.com",
  password: "correct horse battery",
  newPassword: "a battery of correct horses",
  access: "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoiYWNjZXNzIn0.pU3kZ",
  refresh: "eyJhbGciOiJIUzI1NiJ9.eyJ0b2tlbl90eXBlIjoicmVmcmVzaCJ9.w8Qm2",
  challenge: "Vb9cA2kXr4TnJ0eZsQ7LhY1uGmWp3oDfIiKxE5tNqRg",
  code: "492817",
  deviceToken: "q3Zt8LwVxYb2RkJm5NcGhAeUiOoPdSfT0rEyWqXzBnM",
  linkToken: "hT6yUj2KmN8bVc4XzLq0WeRtYu1IoPaSdFgHjKl3ZxC",
  id: "0199c5a0-7d1e-7c3a-9f52-3b6e8d0a4c17",
  clientSecret: "pW8nKd3VxYr5TzLq0MhBcAeUiOoGfSjT2uEyRwXsZkN",
  recoveryCode: "7Q4M-9XKD-0T2V-B6HN",
  credentialId: "x3Vt1pYk9QmBz0Rc7LsWnA",
  userHandle: "Z2Kq8RtVwXyBm5NcGhAeUiOoPdSfT0rEyWqXzBnM1aQ",
  clientData: "eyJ0eXBlIjoid2ViYXV0aG4iLCJjaGFsbGVuZ2UiOiIuLi4ifQ",
  authenticatorData: "SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ",
  signature: "MEUCIQDx9bKp3mYtRw7cVzLqN1sHgJfPaEoUiTyWkXrBvQ2dCg",
  attestation: "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVjESZYN5YgOjGh0NBcPZHZg",
} as const;

export const AT = "2026-03-01T12:00:00.000Z";
const LATER = "2026-03-04T12:00:00.000Z";

export const TWO_FACTOR = { email: true, totp: false, passkeys: 0, recovery_codes_left: 0 };

export const USER = {
  id: "0199c5a0-1111-7000-8000-000000000001",
  email: EXAMPLE.email,
  name: "Ada Lovelace",
  role: "user",
  email_verified_at: AT,
  created_at: AT,
  two_factor: TWO_FACTOR,
};

const DEVICE = { ip: "203.0.113.7", browser: "Firefox", os: "Linux", device: "desktop" };

export const SESSION = {
  id: EXAMPLE.id,
  current: true,
  name: "My laptop",
  created_at: AT,
  last_seen_at: AT,
  expires_at: LATER,
  ...DEVICE,
  location: null,
  amr: ["pwd", "email"],
  application: null,
  opened_by: null,
};

export const RECOVERY_CODES = [EXAMPLE.recoveryCode, "H5RW-2C8Z-YJ3P-6NTA"];
export const STRONG = { email: true, totp: true, passkeys: 1, recovery_codes_left: 10 };

export const TRUSTED_DEVICE = {
  id: EXAMPLE.id,
  created_at: AT,
  last_used_at: AT,
  expires_at: "2026-03-31T12:00:00.000Z",
  ...DEVICE,
};

export const PAIR = { access: EXAMPLE.access, refresh: EXAMPLE.refresh };

export const RESENT = { expires_in: 600, resend_in: 60 };
export const AWAITED_CODE = { challenge: EXAMPLE.challenge, ...RESENT, sent_to: "a•••@example.com" };
export const STARTED_CHALLENGE = { ...AWAITED_CODE, methods: ["email"] };

export const EVENT = {
  id: EXAMPLE.id,
  type: "login.succeeded",
  created_at: AT,
  session_id: SESSION.id,
  ip: DEVICE.ip,
  browser: DEVICE.browser,
  os: DEVICE.os,
  data: { amr: "pwd email" },
};

export const PERSONAL_DATA = {
  downloaded_at: AT,
  incomplete: [],
  account: {
    ...USER,
    is_active: true,
    last_login_at: AT,
    wrong_codes_in_a_row: 0,
    codes_closed_until: null,
    held_until: null,
  },
  sessions: [],
  trusted_devices: [],
  known_devices: [],
  passkeys: [],
  authenticator_apps: [],
  events: [EVENT],
  mails: [],
  proofs: [],
};

export const ADMIN_USER = { ...USER, is_active: true, last_login_at: AT };
export const SHOWN_PERSON = { ...ADMIN_USER, sessions: { outstanding: 2, blacklisted: 1, expired: 0 } };

const OWNER = { id: USER.id, email: USER.email, name: USER.name };
const JTI = "mC0J6kq1Pz3yQ2rT9wXvB8sLhN5dFgAe";

export const ADMIN_SESSION = {
  id: EXAMPLE.id,
  user: OWNER,
  state: "outstanding",
  jti: JTI,
  generation: 3,
  issued_at: AT,
  expires_at: LATER,
  created_at: AT,
  last_seen_at: AT,
  ...DEVICE,
  location: null,
  amr: ["pwd", "email"],
  application: null,
  opened_by: null,
  revoked_at: null,
  reason: null,
};

export const INSPECTED_TOKEN = {
  kind: "refresh",
  jti: JTI,
  state: "outstanding",
  generation: 3,
  since: null,
  reason: null,
  user: OWNER,
  session_id: EXAMPLE.id,
  session: ADMIN_SESSION,
};

export const ADMIN_EVENT = { ...EVENT, user: { id: USER.id, email: USER.email }, actor: null };
