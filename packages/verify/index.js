export { createVerifier } from "./create-verifier.js";
export { TokenRefused } from "./token-refused.js";
