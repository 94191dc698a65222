"""HTTP/1.1 for the hot roads: a `Wire` on asyncio's own protocols and a parser in C, a seventh of what aiohttp costs.

Plain requests alone: no proxy, no redirect, no cookie.  `HTTP_CLIENT=aiohttp` puts the other wire in its place.
"""
