/**
 * Certificates for tests only: their key is public, and nothing trusts them. An EC key (prime256v1), self-signed once
 * with `openssl ca -selfsign -startdate … -enddate …`.
 */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbD7WMyhmaxKjRkRo
qgfGzPX/nlKCbtoFGm0xcx7CsAqhRANCAATKDBvagHAIcawntLZOeyMyM2QaARye
MPeCpUSwHYKVRsD8sxp+ik5qVggRJzPyg3vhZ2QbwYysMfUCJ2qS91k2
-----END PRIVATE KEY-----
`;

/** Self-signed for localhost, hooks.example and 127.0.0.1, valid until 2100. */
export const selfSigned = {
  key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBdTCCARygAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjYwMTAxMDAwMDAwWhgPMjEwMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMoMG9qAcAhxrCe0
tk57IzIzZBoBHJ4w94KlRLAdgpVGwPyzGn6KTmpWCBEnM/KDe+FnZBvBjKwx9QIn
apL3WTajXTBbMCkGA1UdEQQiMCCCCWxvY2FsaG9zdIINaG9va3MuZXhhbXBsZYcE
fwAAATAPBgNVHRMBAf8EBTADAQH/MB0GA1UdDgQWBBRjj3YDSlRAS7zp1rAl9pj5
xzCKHDAKBggqhkjOPQQDAgNHADBEAiB3DwDYXIUWHTz0rT3aCxu4vrVMXooq4i8+
wKumaf79KwIgbClImWK8MLT4iwbY4YBQ7hD0dJCbPbtMbsf8pV1KIVU=
-----END CERTIFICATE-----
`,
};

/** Self-signed for localhost and 127.0.0.1, expired in 2021. */
export const expired = {
  key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZTCCAQugAwIBAgIBAjAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATKDBvagHAIcawntLZO
eyMyM2QaARyeMPeCpUSwHYKVRsD8sxp+ik5qVggRJzPyg3vhZ2QbwYysMfUCJ2qS
91k2o04wTDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDwYDVR0TAQH/BAUw
AwEB/zAdBgNVHQ4EFgQUY492A0pUQEu86dawJfaY+ccwihwwCgYIKoZIzj0EAwID
SAAwRQIgSp/txL3w1RZXNgrQW9p0TGAI+bKZLEsPvBA6jCVENRECIQC5TzCXLTy0
Ehig1DE676QBpInnu9dAgNPHC2WeXytrMw==
-----END CERTIFICATE-----
`,
};

/** Self-signed for localhost and 127.0.0.1 by nobody that anybody trusts, also where {@link selfSigned} is trusted. */
export const stranger = {
  key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZTCCAQugAwIBAgIBAzAKBggqhkjOPQQDAjATMREwDwYDVQQDDAhzdHJhbmdl
cjAgFw0yNjAxMDEwMDAwMDBaGA8yMTAwMDEwMTAwMDAwMFowEzERMA8GA1UEAwwI
c3RyYW5nZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATKDBvagHAIcawntLZO
eyMyM2QaARyeMPeCpUSwHYKVRsD8sxp+ik5qVggRJzPyg3vhZ2QbwYysMfUCJ2qS
91k2o04wTDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDwYDVR0TAQH/BAUw
AwEB/zAdBgNVHQ4EFgQUY492A0pUQEu86dawJfaY+ccwihwwCgYIKoZIzj0EAwID
SAAwRQIhAI4TGM+c/e7hkz9hlD0cztrG/5CjWBY4b5TrGFpJaBolAiBk7sm1VQuG
NeQfzIDmdQvFNZ0HmCpruK4QhSxQ6zM21g==
-----END CERTIFICATE-----
`,
};
