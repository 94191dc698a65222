"""What the doctor asks of each Sentinel by itself; redis-py is content with the first that answers."""

import asyncio
from dataclasses import dataclass

from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from interconnections.store.address import Sentinels, asked_once
from interconnections.store.trouble import told_by

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Told:
    """What one of them knows of our service; `trouble` where it tells nothing, `master` empty where it has none."""

    address: str
    trouble: str = ""  # REFUSED, or what stood in the way
    services: tuple[str, ...] = ()
    master: str = ""
    down: bool = False  # it says so of the master
    sentinels: int = 0  # that it knows, itself among them


async def asked() -> list[Told] | None:
    """Each of REDIS_SENTINELS, in its order; None where there are none."""
    sentinels: Sentinels | None = settings.REDIS_SENTINELS
    if sentinels is None:
        return None
    return await asyncio.gather(*(_one(sentinels, host, port) for host, port in sentinels.addresses))


async def _one(sentinels: Sentinels, host: str, port: int) -> Told:
    address = f"{host}:{port}"
    client = Redis(host=host, port=port, **asked_once(sentinels.own))
    try:
        known = await client.sentinel_masters()  # the very question of whoever looks for the master
    except (AuthenticationError, NoPermissionError):
        return Told(address, REFUSED)
    except RedisError as error:
        return Told(address, told_by(error))
    finally:
        await client.aclose()
    if (state := known.get(sentinels.service)) is None:
        return Told(address, services=tuple(sorted(known)))
    return Told(
        address,
        services=tuple(sorted(known)),
        master=f"{state['ip']}:{state['port']}",
        down=bool(state["is_sdown"] or state["is_odown"]),
        sentinels=int(state["num-other-sentinels"]) + 1,
    )
