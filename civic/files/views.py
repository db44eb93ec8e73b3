"""The address of public files, and how any file is sent."""

from __future__ import annotations

from flask import Blueprint, Response, g, request, send_file

from civic.core.errors import N_, NotFound
from civic.files import queries, services, storage
from civic.files.queries import FileRow
from civic.files.rules import JPEG, FileKind
from civic.web.access import access

bp = Blueprint("files", __name__)


@bp.get("/files/<key>/<name>")
@access("public")
def file(key: str, name: str) -> Response:
    """A public file. A cache may keep it and asks again before each use, so that a takedown shows at once."""
    return public_answer_with(queries.public_file(key, name))


def public_answer_with(row: FileRow) -> Response:
    """The same for everyone who asks. The file's own mark instead of the page's: news elsewhere don't make a reader
    fetch it again. The caller has just looked whether the public may see it.
    """
    answer = answer_with(row)
    g.pop("etag", None)
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def small_answer_with(row: FileRow) -> Response:
    """A small copy of a photo that isn't public, for a page; never kept."""
    return _guarded(Response(services.small_copy(row), mimetype=JPEG.media_type))


def answer_with(row: FileRow) -> Response:
    """The bytes: a photo to look at, a document to save. Raises NotFound if they are gone.

    For pages of features that show a file which isn't public; without more the answer isn't kept.
    """
    path = storage.path_of(row.key)
    if not path.is_file():
        raise NotFound(N_("There is no such file."))
    answer = send_file(
        path,
        mimetype=row.media_type,
        as_attachment=row.kind is FileKind.DOCUMENT,
        download_name=row.name,
        etag=row.sha256[:32],
        conditional=False,
    )
    answer.headers.pop("Cache-Control", None)
    return _guarded(answer).make_conditional(request)  # type: ignore[return-value]


def _guarded(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
