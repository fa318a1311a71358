import { AT, EXAMPLE } from "./examples.ts";

export const APPLICATION = {
  client_id: EXAMPLE.id,
  name: "My shop",
  confidential: true,
  redirect_addresses: ["https://shop.example.com/callback"],
  logged_out_addresses: ["https://shop.example.com/"],
  backchannel_address: null,
  webhook_address: null,
  previous_secret_until: null,
  previous_webhook_secret_until: null,
  created_at: AT,
};

export const WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD1QKDHQ1YzRg=";
export const DELIVERY = {
  id: EXAMPLE.id,
  type: "session.ended",
  created_at: AT,
  attempts: 2,
  next_attempt_at: AT,
  last_answer: "it answered 503",
};

export const REVOCATION = {
  sid: EXAMPLE.id,
  sub: EXAMPLE.id,
  user_id: EXAMPLE.id,
  reason: "logged_out",
  at: AT,
  until: AT,
};
export const REVOCATIONS_CURSOR = "WzE3NjQ2MDQ4MDAwMDAsMTc2NDYwMDAwMDAwMCwiNzUwOjc1MDoiLG51bGxd";
