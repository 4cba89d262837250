"""Makes character cards as files, whole or not."""

import base64
import json
import struct
import zlib

from chinwag.core.png_text import SIGNATURE


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG with its length and sum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*texts: tuple[str, bytes]) -> bytes:
    """A picture of one pixel with these texts in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    pixel = chunk(b"IDAT", zlib.compress(b"\0\x80\x40\x20"))
    said = b"".join(chunk(b"tEXt", name.encode() + b"\0" + text) for name, text in texts)
    return SIGNATURE + head + said + pixel + chunk(b"IEND", b"")


def card_png(card: object) -> bytes:
    """A card in a picture."""
    return png(("chara", base64.b64encode(json.dumps(card).encode())))


V1 = {
    "name": "Counter",
    "description": "{{char}} counts things.",
    "personality": "exact",
    "scenario": "{{user}} visits her.",
    "first_mes": "Hello, {{user}}.",
    "mes_example": "<START>\n{{user}}: How many?\n{{char}}: Three.\n{{char}}: Or four.\n",
}
V2 = {
    "spec": "chara_card_v2",
    "spec_version": "2.0",
    "data": {
        **V1,
        "system_prompt": "Be <BOT>. {{original}}",
        "creator_notes": "Made for sums.\nMore of it.",
        "post_history_instructions": "Stay exact.",
        "alternate_greetings": ["Hi.", "Ho."],
        "character_book": {"entries": [{"keys": ["sum"], "content": "…"}]},
        "tags": ["maths", "", 7, "maths"],
        "extensions": {},
    },
}
