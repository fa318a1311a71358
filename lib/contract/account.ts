/** What `GET /api/me` and every log-in by cookie say of the person. */
export type PublicUser = {
  id: string;
  email: string;
  name: string;
  role: "user" | "admin";
  email_verified_at: string | null;
  created_at: string;
  two_factor: { email: boolean; totp: boolean; passkeys: number; recovery_codes_left: number };
};
