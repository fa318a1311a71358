import { AT, EXAMPLE } from "./examples.ts";

export const APPLICATION = {
  client_id: EXAMPLE.id,
  name: "My shop",
  confidential: true,
  redirect_addresses: ["https://shop.example.com/callback"],
  logged_out_addresses: ["https://shop.example.com/"],
  previous_secret_until: null,
  created_at: AT,
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
