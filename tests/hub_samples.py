"""What a stand-in hub has on its shelves where people look at it: models, files, descriptions."""

from standin_hub.api_side import list_files
from standin_hub.hub import StandinHub

CARD = """---
license: apache-2.0
---

# Meadow 4B

A small model for **plain talk**, trained on [open books](https://example.org/books).
<script>alert("no")</script>

| bench | score |
| --- | ---: |
| reading | 61.2 |
| sums | 48.0 |

![A meadow](https://example.org/meadow.png)

```python
from meadow import talk

talk("How are you?")
```

- Speaks nine languages.
- Its window is 32,768 tokens.

"""
_QUANTIZATIONS = {"Q2_K": 3.2, "Q3_K_M": 3.9, "Q4_K_M": 4.85, "Q5_K_M": 5.7, "Q8_0": 8.5}
LONG_NAME = "someone/Hedge-8B-uncut-of-a-very-long-name-that-goes-on-and-on-v2-GGUF"
_MODELS = (
    ("maker/Meadow-4B-GGUF", 4.0, "qwen3", "apache-2.0", 1_240_000, 812, ""),
    ("tiny/Dewdrop-135M-Instruct-GGUF", 0.135, "llama", "apache-2.0", 96_400, 120, ""),
    ("walled/Garden-27B-GGUF", 27.2, "gemma3", "gemma", 402_000, 1_530, "manual"),
    ("maker/Meadow-9B-GGUF", 9.1, "qwen3", "apache-2.0", 530_000, 640, ""),
    ("grand/Forest-70B-Instruct-GGUF", 70.6, "llama", "llama3.3", 88_000, 410, "auto"),
    ("maker/Meadow-0.6B-GGUF", 0.6, "qwen3", "apache-2.0", 71_000, 88, ""),
    (LONG_NAME, 8.0, "llama", "", 903, 4, ""),
    ("odd/Cactus-3B-GGUF", 3.1, "cactus", "other", 12_400, 33, ""),
)


def furnish(hub: StandinHub, more: int = 0) -> None:
    """Put the samples on the shelves, and so many more of no interest."""
    for name, billions, kind, licence, downloads, likes, gated in _MODELS:
        repository = hub.repositories.add(
            name,
            {"README.md": CARD.encode()},
            gated=gated,
            downloads=downloads,
            likes=likes,
            trendingScore=likes,
            lastModified="2026-05-01T12:00:00.000Z",
            tags=[f"license:{licence}"] if licence else [],
            cardData={"license": licence} if licence else {},
            gguf={
                "total": round(billions * 1e9),
                "architecture": kind,
                "context_length": 32768,
                "chat_template": "{{ messages }}",
            },
        )
        stem = name.split("/")[1].removesuffix("-GGUF")
        sizes = {
            f"{stem}-{quantization}.gguf": round(billions * 1e9 * bits / 8)
            for quantization, bits in _QUANTIZATIONS.items()
        }
        for part in (1, 2):
            sizes[f"BF16/{stem}-BF16-{part:05}-of-00002.gguf"] = round(billions * 1e9)
        sizes["mmproj-F16.gguf"] = 840_000_000
        list_files(repository, sizes)
    for number in range(more):
        hub.repositories.add(
            f"many/Pebble-{number:04}-GGUF",
            {"pebble-Q4_K_M.gguf": b"GGUF"},
            downloads=number,
            gguf={"total": 10**9, "architecture": "llama", "context_length": 4096},
        )
