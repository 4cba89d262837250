"""Makes small GGUF files with the `gguf` package, to be read, cut and bent by tests."""

from collections.abc import Callable
from pathlib import Path

import numpy
from gguf import GGMLQuantizationType, GGUFEndian, GGUFWriter, LlamaFileType

CHAT_TEMPLATE = "{% for message in messages %}{{ message['content'] }}{% endfor %}"


def write_model(
    path: Path,
    *,
    words: int = 8,
    template: str = CHAT_TEMPLATE,
    add: Callable[[GGUFWriter], None] | None = None,
    architecture: str = "llama",
    file_type: int = LlamaFileType.MOSTLY_Q4_K_M,
    big_endian: bool = False,
) -> Path:
    """A file with every part a model has, but weights that say nothing."""
    writer = GGUFWriter(
        None, architecture, endianess=GGUFEndian.BIG if big_endian else GGUFEndian.LITTLE
    )
    writer.add_name("Small Talk")
    writer.add_file_type(file_type)
    writer.add_context_length(2048)
    writer.add_token_list([f"word{number}" for number in range(words)])
    writer.add_token_scores([float(-number) for number in range(words)])
    writer.add_token_types([1] * words)
    writer.add_bos_token_id(1)
    writer.add_add_bos_token(False)
    if template:
        writer.add_chat_template(template)
    if add:
        add(writer)
    writer.add_tensor("token_embd.weight", numpy.ones((4, 32), dtype=numpy.float32))
    writer.add_tensor(
        "output.weight",
        numpy.zeros((4, 34), dtype=numpy.uint8),
        raw_dtype=GGMLQuantizationType.Q8_0,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write_header_to_file(path)
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
