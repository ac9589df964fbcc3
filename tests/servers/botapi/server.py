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
from tests.servers.botapi.delivery import tell
from tests.servers.botapi.faults import Fault, FaultSchedule
from tests.servers.botapi.member import new_chat
from tests.servers.botapi.methods import METHODS
from tests.servers.botapi.parameters import Parameters, read_parameters
from tests.servers.botapi.people import Person
from tests.servers.botapi.refusal import Refusal, conflict, too_many_requests
from tests.servers.botapi.things import Chat, Message, User
from tests.servers.botapi.updates import WEBHOOK_IS_SET
from tests.servers.botapi.world import World

TOKEN = "700000001:AAtestTESTtestTESTtestTESTtestTEST0"
# The account in whose name posts of a linked channel are forwarded.
TELEGRAM = User(id=777000, first_name="Telegram")
# Sending files: "10 MB max size for photos, 50 MB for other files"
LARGEST = 50 * 1024 * 1024


class BotApi:
    """One bot's Bot API. world: what happened; log: what was asked; faults: what shall go wrong."""

    def __init__(self, *, name: str = "Sēlis", username: str = "selis_bot", token: str = TOKEN) -> None:
        self.token = token
        number = int(token.partition(":")[0])
        self.world = World(User(id=number, first_name=name, username=username, is_bot=True))
        self.log = CallLog()
        self.faults = FaultSchedule()
        self.world.webhook.call = self.call
        self.url = ""
        self.runner: web.AppRunner | None = None
        self.open: list[asyncio.Transport] = []
        self.broken: list[Exception] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listens on a free port of the loopback; the world is kept over stop and start, as Telegram keeps it."""
        app = web.Application(client_max_size=LARGEST)
        app.router.add_route("*", "/bot{token}/{method}", self.serve)
        app.router.add_get("/file/bot{token}/{path:.*}", self.download)
        app.router.add_route("*", "/{rest:.*}", not_found)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", port)
        await site.start()
        self.url = str(site.name)
        self.world.webhook.start()

    async def stop(self) -> None:
        """As in an outage: connections end where they are, a waiting poll without an answer. ExceptionGroup where the
        server itself failed before."""
        for transport in self.open:
            transport.abort()
        self.world.queue.end_poll("server stops")
        await self.world.webhook.stop()
        if self.runner:
            await self.runner.cleanup()
            self.runner = None
        if self.broken:
            raise ExceptionGroup("the Bot API server itself failed", self.broken)

    @property
    def base_url(self) -> str:
        """What the library calls base_url: it appends the token and /METHOD."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        return f"{self.url}/file/bot"

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

    def group(self, title: str, owner: Person, *others: Person, bot: str = "member") -> Chat:
        """A basic group. bot: its status there ("left" where it was never added, "administrator" …)."""
        return new_chat(self.world, "group", title, self.statuses(owner, others, bot))

    def supergroup(self, title: str, owner: Person, *others: Person, bot: str = "member", forum: bool = False) -> Chat:
        return new_chat(self.world, "supergroup", title, self.statuses(owner, others, bot), forum=forum)

    def channel(self, title: str, owner: Person, *others: Person, bot: str = "administrator") -> Chat:
        return new_chat(self.world, "channel", title, self.statuses(owner, others, bot))

    def statuses(self, owner: Person, others: tuple[Person, ...], bot: str) -> dict[int, str]:
        return {self.bot.id: bot, owner.id: "creator"} | {other.id: "member" for other in others}

    def other_bot(self, name: str = "Cits", username: str = "cits_bot") -> Person:
        """Another bot, which writes like a person; whether ours is told of it: world.bots_see_bots."""
        robot = self.person(name, username=username, language="")
        robot.user.is_bot = True
        return robot

    def forwarded(self, channel: Chat, group: Chat, text: str) -> Message:
        """A post of a channel as it appears by itself in the group that is linked to it (is_automatic_forward)."""
        origin = {"type": "channel", "date": int(self.world.clock.now()), "chat": channel.json(), "message_id": 1}
        content = {"text": text, "is_automatic_forward": True, "forward_origin": origin}
        message = self.world.post(group, TELEGRAM, content, sender_chat=channel)
        tell(self.world, "message", message)
        return message

    # ---- serving -----------------------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        transport = request.transport
        # It hung up before it was heard.
        if transport is None:
            return web.Response()
        self.open.append(transport)
        try:
            return await self.respond(request)
        except ConnectionResetError:
            # It hung up in the middle of its request.
            return web.Response()
        finally:
            self.open.remove(transport)

    async def respond(self, request: web.Request) -> web.StreamResponse:
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
        await asyncio.sleep(fault.late)
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
            if call.method.lower() == "getupdates":
                return {"ok": True, "result": await self.get_updates(call.parameters)}
            if call.method.lower() not in METHODS:
                raise Refusal(404, "Not Found: method not found")
            return {"ok": True, "result": METHODS[call.method.lower()](self.world, call.parameters)}
        except Refusal as refusal:
            return refusal.json()
        except Exception as error:
            self.broken.append(error)
            return Refusal(500, "Internal Server Error").json()

    def call(self, method: str, parameters: Parameters) -> None:
        """A call that came inside an answer to a webhook: nobody learns how it ended but the log."""
        call = self.log.begin(method, parameters, self.world.clock.now())
        try:
            call.result, call.code = METHODS[method.lower()](self.world, parameters), 200
        except Refusal as refusal:
            call.code, call.description = refusal.code, refusal.description

    async def get_updates(self, parameters: Parameters) -> list[dict[str, Any]]:
        if self.world.webhook.url:
            raise conflict(WEBHOOK_IS_SET)
        self.world.queue.allow(parameters.parsed("allowed_updates"))
        offset, limit = parameters.integer("offset"), parameters.integer("limit", 100)
        return await self.world.queue.get(offset, limit, parameters.integer("timeout"))

    async def download(self, request: web.Request) -> web.Response:
        """getFile: "The file can then be downloaded via the link
        https://api.telegram.org/file/bot<token>/<file_path>" """
        if request.match_info["token"] != self.token:
            return reply(Refusal(401, "Unauthorized").json())
        wanted = request.match_info["path"]
        found = next((data for path, data in self.world.files.values() if path == wanted), None)
        return reply(Refusal(404, "Not Found").json()) if found is None else web.Response(body=found)


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
