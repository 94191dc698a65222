"""The product's settings, but for passwords that are hashed in no time: for tests that guess many."""

from django.conf.global_settings import PASSWORD_HASHERS as AS_THE_PRODUCT

from bridgeproject.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *AS_THE_PRODUCT]
