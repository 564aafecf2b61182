import pytest

from accounts.sign_in import hashers
from recovery_site import settings as product_settings


def test_the_hash_has_the_figures_of_the_design():
    assert product_settings.PASSWORD_HASHERS[0] == "accounts.sign_in.hashers.BoundedArgon2PasswordHasher"
    encoded = hashers.BoundedArgon2PasswordHasher().encode("four quiet words here", "saltsaltsalt")
    assert encoded.startswith("argon2$argon2id$v=19$m=65536,t=3,p=1$")


def test_whoever_cannot_get_a_turn_is_asked_to_wait(client, sam, monkeypatch):
    monkeypatch.setattr(hashers, "WAIT_SECONDS", 0.01)
    with hashers.turn():
        response = client.post("/accounts/login/", {"login": "sam", "password": "wrong password"})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"


def test_a_turn_is_given_back_after_a_failure():
    with pytest.raises(RuntimeError), hashers.turn():
        raise RuntimeError
    with hashers.turn():
        pass
