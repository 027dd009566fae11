"""Every error of the app ends in a problem."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match, Route

from api.http.mistakes import mistakes
from api.http.problems import (
    INVALID_REQUEST,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    UNREADABLE_BODY,
    WITHOUT_CAUSE,
    Problem,
    kind_of,
    problem_of,
    response,
)
from graph.errors import LinkreachError

_OF_STATUS = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 400: UNREADABLE_BODY}


def handle(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """Every error of the app, which has these routes, ends in a problem."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> Response:
        return response(problem, request.state.id)

    @app.exception_handler(LinkreachError)
    async def _ours(request: Request, error: LinkreachError) -> Response:
        kind = kind_of(error)
        request.state.cause = str(error) if kind in WITHOUT_CAUSE else kind.name  # the others' text names members
        return response(problem_of(error), request.state.id)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return response(mistakes(error.errors()), request.state.id)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        kind = _OF_STATUS.get(error.status_code, INVALID_REQUEST)
        answer = response(Problem(kind, kind.title.lower()), request.state.id)
        answer.headers.update(error.headers or {})
        if kind is METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(sorted(_methods(request, routes)))
        return answer


def _methods(request: Request, routes: Sequence[BaseRoute]) -> set[str]:
    """Those that the address has; each may be of a route of its own, and a framework names those of the first."""
    found = [each for each in routes if isinstance(each, Route) and each.matches(request.scope)[0] is not Match.NONE]
    methods = {method for route in found for method in route.methods or ()}
    return methods | {"HEAD"} if "GET" in methods else methods
