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
