"""What handlers have seen, and states that processes share, in Redis: for processes of several machines.

Each decision is one script, which Redis runs without anything between. What was acknowledged survives what the server's
own persistence says: with ``appendfsync everysec``, its default, a power loss can take the last second.
"""

from __future__ import annotations

import asyncio
from typing import Any

from pubsub_devtools.resilience.seen import Claim, Claiming, UnderWay
from pubsub_devtools.resilience.stores.extras import driver, reaching, without_password

_CLAIM = """
local held = redis.call('GET', KEYS[1])
if held and tonumber(string.sub(held, 3)) > tonumber(ARGV[1]) then return held end
redis.call('SET', KEYS[1], 'c:' .. ARGV[2], 'PX', ARGV[3])
return false
"""
_CONFIRM = """
if redis.call('GET', KEYS[1]) ~= 'c:' .. ARGV[1] then return 0 end
local left = redis.call('PTTL', KEYS[1])
redis.call('SET', KEYS[1], 's:' .. ARGV[2], 'PX', string.format('%d', math.max(1, left + ARGV[3])))
return 1
"""
_RELEASE = """
if redis.call('GET', KEYS[1]) ~= 'c:' .. ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""
_SWAP = """
local state = redis.call('GET', KEYS[1])
if ARGV[1] == '0' and state then return 0 end
if ARGV[1] == '1' and state ~= ARGV[2] then return 0 end
if ARGV[3] == '0' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], ARGV[4]) end
return 1
"""
_GRACE = 60_000
"""Milliseconds for which Redis keeps a claim beyond its end, since it is the caller's clock that ends it."""

_ENDLESS = 10 * 366 * 86_400
"""Seconds."""


class RedisServer:
    """Connections to Redis, which the stores of one process share.

    Args:
        url: Where it is, such as ``redis://user:password@host:6379/0``.
        prefix: Begins the name of every key.
        timeout: Seconds to wait for an answer.

    Raises:
        ModuleNotFoundError: redis is missing; the message says what to install.
    """

    def __init__(self, url: str, *, prefix: str = "pubsub:", timeout: float = 10.0) -> None:
        redis = driver("redis", "redis")
        self.prefix = prefix
        self._errors = redis.RedisError
        self._server = without_password(url)
        self._client = redis.Redis.from_url(url, socket_timeout=timeout, socket_connect_timeout=timeout)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def run(self, script: str, key: str, *values: Any) -> Any:
        """Run a script on one key."""
        with reaching(self._server, self._errors):
            return self._client.eval(script, 1, self.prefix + key, *values)

    def get(self, key: str) -> bytes | None:
        """Return what lies under a key."""
        with reaching(self._server, self._errors):
            found: bytes | None = self._client.get(self.prefix + key)
            return found


class RedisSeen:
    """A ``SeenStore`` in Redis, which forgets by itself what is past its time.

    Args:
        server: The connections.
    """

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def claim(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim the event for one call of the handler, up to ``until``."""
        left = max(1, _milliseconds(until - now)) + _GRACE
        held = self._server.run(_CLAIM, _key(handler, event_id), repr(now), repr(until), left)
        if held is None:
            return Claim.CLAIMED
        return UnderWay(float(held[2:])) if held.startswith(b"c:") else Claim.SEEN

    async def claim_async(self, handler: str, event_id: str, now: float, until: float) -> Claiming:
        """Claim without blocking the loop."""
        return await asyncio.to_thread(self.claim, handler, event_id, now, until)

    def confirm(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Turn the claim that ends at ``until`` into knowledge that lasts up to ``seen_until``."""
        longer = _milliseconds(seen_until - until)
        values = repr(until), repr(seen_until), longer
        return bool(self._server.run(_CONFIRM, _key(handler, event_id), *values))

    async def confirm_async(self, handler: str, event_id: str, until: float, seen_until: float) -> bool:
        """Confirm without blocking the loop."""
        return await asyncio.to_thread(self.confirm, handler, event_id, until, seen_until)

    def release(self, handler: str, event_id: str, until: float) -> None:
        """Give up the claim that ends at ``until``."""
        self._server.run(_RELEASE, _key(handler, event_id), repr(until))

    async def release_async(self, handler: str, event_id: str, until: float) -> None:
        """Release without blocking the loop."""
        await asyncio.to_thread(self.release, handler, event_id, until)


class RedisStates:
    """A ``StateStore`` in Redis.

    Args:
        server: The connections.
    """

    def __init__(self, server: RedisServer) -> None:
        self._server = server

    def get(self, key: str) -> bytes | None:
        """Return the state of this name, None where there is none."""
        return self._server.get(f"state:{key}")

    async def get_async(self, key: str) -> bytes | None:
        """Return the state without blocking the loop."""
        return await asyncio.to_thread(self.get, key)

    def swap(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Set the state to ``new`` if it is ``expected``."""
        values = (int(expected is not None), expected or b"", int(new is not None), new or b"")
        return bool(self._server.run(_SWAP, f"state:{key}", *values))

    async def swap_async(self, key: str, expected: bytes | None, new: bytes | None) -> bool:
        """Swap without blocking the loop."""
        return await asyncio.to_thread(self.swap, key, expected, new)


def _milliseconds(seconds: float) -> int:
    """Return a time that Redis can count; what is endless becomes ten years."""
    return int(seconds * 1000) if seconds < _ENDLESS else _ENDLESS * 1000


def _key(handler: str, event_id: str) -> str:
    return f"seen:{handler}:{event_id}"
