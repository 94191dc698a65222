"""What `manage.py check` knows of our settings, beside what stops the process at once."""

from django.conf import settings
from django.core.checks import Warning, register

from interconnections.proxies import too_wide


@register("security")
def trusted_proxies(app_configs: object, **options: object) -> list[Warning]:
    return [
        Warning(
            f"TRUSTED_PROXIES trusts {name}: nearly everybody may claim any address.",
            hint="Name your proxies, or the network that only they are in.",
            id="interconnections.W001",
        )
        for name in too_wide(settings.TRUSTED_PROXIES)
    ]
