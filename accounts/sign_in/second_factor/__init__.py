"""The second step of signing in (A3): passkeys, authenticator codes, spare codes, and the gate."""
