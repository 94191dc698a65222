"""Rows that a fixture names by what people call them."""

from django.db import models


class ByNaturalKey(models.Manager):
    def get_by_natural_key(self, *values):
        return self.get(**dict(zip(self.model.natural, values, strict=True)))
