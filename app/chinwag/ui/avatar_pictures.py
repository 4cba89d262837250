"""Pictures of persons' own as avatars: read from their folder, cut square, kept for painting."""

import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from chinwag.core.short_digest import short_digest
from chinwag.ui.picture_shelf import decoded

SIDE = 256  # pixels of a picture that is kept
_LARGEST_BYTES = 20 * 2**20
_MOST_KEPT = 200
_NAME = re.compile(r"[^/\\:\x00-\x1f]{1,120}\.(?:png|jpe?g|webp)", re.IGNORECASE)


class AvatarPictures:
    """Knows pictures by the name of their file; one that cannot be used is none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._chosen: dict[str, QImage] = {}
        self._read: dict[str, tuple[float, QImage | None]] = {}
        self._scaled: dict[tuple[str, float, int], QPixmap] = {}

    def square(self, name: str, pixels: int) -> QPixmap | None:
        """The picture as wide and high as `pixels`; None where there is none of that name."""
        if not is_picture_name(name):
            return None
        image = self._chosen.get(name)
        changed = 0.0
        if image is None:
            changed, image = self._from_file(name)
        if image is None:
            return None
        place = (name, changed, pixels)
        if place not in self._scaled:
            if len(self._scaled) >= _MOST_KEPT:
                self._scaled.clear()
            mode = Qt.TransformationMode.SmoothTransformation
            aspect = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled[place] = QPixmap.fromImage(image.scaled(pixels, pixels, aspect, mode))
        return self._scaled[place]

    def choose(self, content: bytes) -> tuple[str, bytes] | None:
        """Show a picture before it is stored; its name, and what to store. None if it is none.

        What is stored is drawn anew: nothing of the file but its picture is in it.
        """
        image = decoded(content)
        if image is None:
            return None
        image = _drawn_anew(_cut_square(image))
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # pyright: ignore[reportCallIssue, reportArgumentType]
        drawn = bytes(buffer.data().data())
        name = f"picture-{short_digest(drawn, 6)}.png"
        self._chosen[name] = image
        return name, drawn

    def _from_file(self, name: str) -> tuple[float, QImage | None]:
        path = self._folder / name
        try:
            changed = path.stat().st_mtime
            known = self._read.get(name)
            if known is None or known[0] != changed:
                with path.open("rb") as file:
                    content = file.read(_LARGEST_BYTES)
                image = decoded(content)
                known = (changed, _cut_square(image) if image is not None else None)
                self._read[name] = known
        except OSError:
            return 0.0, None
        return known


def is_picture_name(name: str) -> bool:
    """Whether an avatar is the name of a picture's file, in the folder itself."""
    return _NAME.fullmatch(name) is not None and not name.startswith(".")


def _drawn_anew(image: QImage) -> QImage:
    """The picture alone, no larger than it is kept: what else its file said is gone."""
    side = min(SIDE, image.width())
    fresh = QImage(side, side, QImage.Format.Format_ARGB32)
    fresh.fill(Qt.GlobalColor.transparent)
    painter = QPainter(fresh)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(0, 0, side, side), image)
    painter.end()
    return fresh


def _cut_square(image: QImage) -> QImage:
    """The middle of a wide picture, the top of a high one: that is where faces are."""
    side = min(image.width(), image.height())
    return image.copy(QRect((image.width() - side) // 2, 0, side, side))
