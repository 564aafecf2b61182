from accounts.sign_in.hashers import BoundedArgon2PasswordHasher


class QuickHasher(BoundedArgon2PasswordHasher):
    """The product's own, with figures that take no time: hundreds of tests sign somebody in."""

    time_cost = 1
    memory_cost = 64
