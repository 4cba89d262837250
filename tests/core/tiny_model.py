"""Writes a language model of a few thousand random weights that llama.cpp really loads and runs."""

from collections.abc import Callable
from pathlib import Path

import numpy
from gguf import GGUFWriter, TokenType

EMBEDDING, FEED_FORWARD, HEADS, LAYERS, WINDOW = 32, 64, 2, 1, 512
TEMPLATE = "{% for m in messages %}<s>{{ m['role'] }}: {{ m['content'] }}</s>{% endfor %}"
_LETTERS = " abcdefghijklmnopqrstuvwxyz"


def write_tiny_model(
    path: Path, template: str = TEMPLATE, add: Callable[[GGUFWriter], None] | None = None
) -> Path:
    """One layer of llama's architecture with a vocabulary of bytes and letters."""
    writer = GGUFWriter(None, "llama")
    writer.add_name("Tiny")
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(EMBEDDING)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(EMBEDDING // HEADS)
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    tokens += [letter.replace(" ", "▁") for letter in _LETTERS]
    kinds = [TokenType.UNKNOWN, TokenType.CONTROL, TokenType.CONTROL]
    kinds += [TokenType.BYTE] * 256 + [TokenType.NORMAL] * len(_LETTERS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * 259 + [-float(at) for at in range(len(_LETTERS))])
    writer.add_token_types(kinds)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(True)
    if template:
        writer.add_chat_template(template)
    if add:
        add(writer)
    chance = numpy.random.default_rng(7)

    def weights(name: str, *shape: int) -> None:
        values = chance.normal(0, 0.2, shape).astype(numpy.float32)
        writer.add_tensor(f"{name}.weight", values)

    weights("token_embd", len(tokens), EMBEDDING)
    weights("output_norm", EMBEDDING)
    weights("output", len(tokens), EMBEDDING)
    for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
        weights(f"blk.0.{part}", EMBEDDING, EMBEDDING)
    for part in ("attn_norm", "ffn_norm"):
        weights(f"blk.0.{part}", EMBEDDING)
    for part in ("ffn_gate", "ffn_up"):
        weights(f"blk.0.{part}", FEED_FORWARD, EMBEDDING)
    weights("blk.0.ffn_down", EMBEDDING, FEED_FORWARD)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write_header_to_file(path)
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
