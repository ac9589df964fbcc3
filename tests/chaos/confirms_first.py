"""`selis run` with a fault on purpose: on Matrix it keeps how far it has read before it has taken that in.

The kill tests have to find it out, or they show nothing.
"""

from __future__ import annotations

import nio
from msgspec.structs import replace

from adapters.cli import main
from adapters.matrix import progress
from adapters.matrix.house import House
from adapters.matrix.progress import Progress
from adapters.matrix.run import Matrix

_taken = Matrix._taken


async def _keeps_first(matrix: Matrix, house: House, told: nio.SyncResponse, before: Progress) -> Progress:
    await progress.keep(matrix.service.store, house.me.user_id, replace(before, since=told.next_batch))
    return await _taken(matrix, house, told, before)


if __name__ == "__main__":
    Matrix._taken = _keeps_first  # type: ignore[assignment, method-assign]
    main()
