const SECRETS = ["client_secret_basic", "client_secret_post"];
const ALL = [...SECRETS, "none"];

/**
 * What a client library learns of us before it asks for anything (RFC 8414 §2, OpenID Connect Discovery §3).
 *
 * @param issuer the address of Keyturn, as its tokens for applications name it
 * @param algorithm what ID tokens are signed with
 */
export function oauthMetadata(issuer: string, algorithm: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    userinfo_endpoint: `${issuer}/oauth/userinfo`,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    end_session_endpoint: `${issuer}/oauth/logout`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    scopes_supported: ["openid", "profile", "email", "offline_access"],
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    prompt_values_supported: ["none", "login"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [algorithm],
    token_endpoint_auth_methods_supported: ALL,
    revocation_endpoint_auth_methods_supported: ALL,
    introspection_endpoint_auth_methods_supported: SECRETS,
    claims_supported: [
      ...["iss", "sub", "aud", "exp", "iat", "auth_time", "amr", "sid", "nonce"],
      ...["email", "email_verified", "name"],
    ],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  };
}
