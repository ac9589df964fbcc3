"""A Bot API server on a real socket, true to https://core.telegram.org/bots/api and driven by tests.

async with BotApi() as api:
    bot = telegram.Bot(api.token, base_url=api.base_url, base_file_url=api.base_file_url)
    anna = api.person("Anna", language="lv")
    anna.sends("labdien")
    [update] = await bot.get_updates()
    await bot.send_message(anna.id, "Labdien!")
    assert anna.private.lines == ["Anna: labdien", "Sēlis: Labdien!"]
"""

import asyncio
from typing import Any, Self

from aiohttp import web

from tests.servers.botapi.calls import Call, CallLog
from tests.servers.botapi.faults import Fault, FaultSchedule
from tests.servers.botapi.methods import METHODS
from tests.servers.botapi.parameters import Parameters, read_parameters
from tests.servers.botapi.people import Person
from tests.servers.botapi.refusal import Refusal, conflict, too_many_requests
from tests.servers.botapi.things import Chat, User
from tests.servers.botapi.updates import WEBHOOK_IS_SET
from tests.servers.botapi.world import World

TOKEN = "700000001:AAtestTESTtestTESTtestTESTtestTEST0"
# "Uploading files: 50 MB max size for other types of files"
LARGEST = 50 * 1024 * 1024


class BotApi:
    """One bot's Bot API. world: what happened; log: what was asked; faults: what shall go wrong."""

    def __init__(self, *, name: str = "Sēlis", username: str = "selis_bot", token: str = TOKEN) -> None:
        self.token = token
        number = int(token.partition(":")[0])
        self.world = World(User(id=number, first_name=name, username=username, is_bot=True))
        self.log = CallLog()
        self.faults = FaultSchedule()
        self.url = ""
        self.runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listens on a free port of the loopback; the world is kept over stop and start, as Telegram keeps it."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/bot{token}/{method}", self.serve)
        app.router.add_route("*", "/{rest:.*}", not_found)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", port)
        await site.start()
        self.url = str(site.name)

    async def stop(self) -> None:
        self.world.queue.end_poll("server stops")
        if self.runner:
            await self.runner.cleanup()
            self.runner = None

    @property
    def base_url(self) -> str:
        """What the library calls base_url: it appends the token and /METHOD."""
        return f"{self.url}/bot"

    @property
    def bot(self) -> User:
        return self.world.bot

    # ---- people and chats --------------------------------------------------------------------------------------------

    def person(self, name: str, *, username: str = "", language: str = "lv", started: bool = False) -> Person:
        """started: they have written to the bot before, so that it may write to them first."""
        user = User(id=1000 + next(self.world.numbers), first_name=name, username=username, language=language)
        private = Chat(id=user.id, kind="private", username=username, person=user, started=started)
        self.world.users[user.id], self.world.chats[private.id] = user, private
        return Person(self.world, user, private)

    # ---- serving -----------------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return reply(Refusal(401, "Unauthorized").json())
        try:
            parameters = await read_parameters(request)
        except Refusal as refusal:
            return reply(refusal.json())
        call = self.log.begin(method, parameters, self.world.clock.now())
        fault = self.faults.next(method) or Fault(name="")
        call.fault = fault.name
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.drop_before:
            return drop(request, call)
        if fault.code >= 500:
            call.code = fault.code
            return web.Response(status=fault.code, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html")
        body = await self.answer(call, fault)
        call.code = body.get("error_code", 200)
        call.description, call.result = body.get("description", ""), body.get("result")
        self.world.changed()
        if fault.drop_after:
            return drop(request, call)
        return await cut(request, body) if fault.cut else reply(body)

    async def answer(self, call: Call, fault: Fault) -> dict[str, Any]:
        """ "The response contains a JSON object, which always has a Boolean field 'ok' and may have an optional String
        field 'description' [...] If 'ok' equals True, [...] the result of the query can be found in the 'result'
        field." "All methods in the Bot API are case-insensitive." """
        try:
            if fault.retry_after:
                raise too_many_requests(fault.retry_after)
            name = call.method.lower()
            if name == "getupdates":
                return {"ok": True, "result": await self.get_updates(call.parameters)}
            if name not in METHODS:
                raise Refusal(404, "Not Found: method not found")
            return {"ok": True, "result": METHODS[name](self.world, call.parameters)}
        except Refusal as refusal:
            return refusal.json()

    async def get_updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        if self.webhook_url:
            raise conflict(WEBHOOK_IS_SET)
        self.world.queue.allow(parameters.parsed("allowed_updates"))
        offset, limit = parameters.integer("offset"), parameters.integer("limit", 100)
        return await self.world.queue.get(offset, limit, parameters.integer("timeout"))

    @property
    def webhook_url(self) -> str:
        return ""


def reply(body: dict[str, Any]) -> web.Response:
    return web.json_response(body, status=body.get("error_code", 200))


def drop(request: web.Request, call: Call) -> web.Response:
    call.code = 0
    if request.transport:
        request.transport.abort()
    return web.Response()


async def cut(request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
    whole = web.json_response(body).body
    assert isinstance(whole, bytes)
    response = web.StreamResponse(headers={"Content-Length": str(len(whole)), "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(whole[: len(whole) // 2])
    if request.transport:
        # close() sends what is buffered first: the half answer does arrive.
        request.transport.close()
    return response


async def not_found(request: web.Request) -> web.Response:
    return reply(Refusal(404, "Not Found").json())
