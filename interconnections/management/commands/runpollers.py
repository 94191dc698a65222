"""`manage.py runpollers`: one worker.  Start as many as you like, on as many machines as you like."""

import asyncio
import resource
import signal
from pathlib import Path

import uvloop
from django.core.management.base import BaseCommand, CommandError

from interconnections import collector
from interconnections.bridge.services import Bridge
from interconnections.host_limits import EACH, HostLimits
from interconnections.store.connection import connect
from interconnections.store.schema import WrongSchema
from interconnections.traces.marks import open_traces
from interconnections.transport import new_wire
from interconnections.worker.worker import Worker

SPARE_FILES = 200  # descriptors for everything that is neither a poll nor a delivery


class Command(BaseCommand):
    help = (
        "A worker: claims interconnections, polls Salesforce for each and empties both message channels. "
        "SIGTERM hands everything over and exits 0."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--alive-file",
            type=Path,
            help="touched each second from the first lease on, for whoever watches the process",
        )
        parser.add_argument("--capacity", type=int, default=0, help="most interconnections to own (0: by open files)")

    def handle(self, *args, **options):
        files = raise_file_limit()
        # A poll holds a socket all the time; what is delivered beside them takes turns on a quarter of all.
        deliveries = max(1, (files - SPARE_FILES) // 4)
        capacity = options["capacity"] or max(1, files - SPARE_FILES - deliveries)
        # Half of them to one host: connections that were used lie idle for a while.
        limits = HostLimits(min(EACH, max(1, deliveries // 2)), deliveries)
        try:
            uvloop.run(self.work(capacity, limits, options["alive_file"]))
        except WrongSchema as wrong:
            raise CommandError(str(wrong)) from None

    async def work(self, capacity, limits, alive_file):
        open_traces("worker")
        wire = new_wire(lambda: worker.lapsed, limits)
        redis = connect()
        worker = Worker(Bridge.over(redis, wire), capacity=capacity, alive_file=alive_file)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        collector.settle()
        try:
            await worker.run()
        finally:
            await wire.close()
            await redis.aclose()


def raise_file_limit():
    """The soft limit up to the hard one; gives what it is now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
