"""Interconnections as rows: Django records the question, plan.py reads it, queryset.py asks Redis."""

from interconnections.models.rows.queryset import InRedis

__all__ = ["InRedis"]
