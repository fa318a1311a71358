export { DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT } from "@/app/logout_token/route.ts";
