"""Lists over SQL whose addresses cannot ask for more than the page offers.

Django takes any lookup of any column from the address (a regular expression too, which SQLite runs in Python),
any number of words to search for and of columns to order by; each costs something, and none has a limit.
"""

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList

LONGEST = 200  # characters of what is searched for, or ordered by
WORDS = 8
LOOKUPS = ("", "__exact", "__isnull", "__id__exact", "__pk__exact", "__id", "__pk")


class BoundedList(ChangeList):
    def get_ordering(self, request, queryset):
        if len(self.params.get(ORDER_VAR, "")) > LONGEST:
            raise IncorrectLookupParameters("ordered by too many columns")
        return super().get_ordering(request, queryset)


class Bounded(admin.ModelAdmin):
    def get_changelist(self, request, **kwargs):
        return BoundedList

    def lookup_allowed(self, lookup, value, request=None):
        """What the filters of this list ask for, nothing else."""
        return lookup in {name + kind for name in self.get_list_filter(request) for kind in LOOKUPS}

    def get_search_results(self, request, queryset, search_term):
        words = search_term.replace("\0", "")[:LONGEST].split()[:WORDS]
        return super().get_search_results(request, queryset, " ".join(words))
