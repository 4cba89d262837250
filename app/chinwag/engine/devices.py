"""What the engine can run on: ggml's devices, their memory, and the choice of one for a load."""

import ctypes
from typing import Any, cast

import llama_cpp.llama_cpp as api

from chinwag.core.errors import EngineError

# enum ggml_backend_dev_type in ggml-backend.h
_KINDS = {0: "cpu", 1: "gpu", 2: "integrated gpu", 3: "accelerator"}


def backend_devices() -> list[int]:
    """Addresses of ggml's devices, the CPU among them.

    Asked through the handle that llama.cpp itself is loaded by: a second copy of ggml would have
    a registry of its own.
    """
    library: Any = api._lib  # pyright: ignore[reportPrivateUsage]
    library.ggml_backend_dev_count.restype = ctypes.c_size_t
    library.ggml_backend_dev_get.restype = ctypes.c_void_p
    library.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    return [library.ggml_backend_dev_get(i) for i in range(library.ggml_backend_dev_count())]


def describe_device(device: int) -> dict[str, str | int]:
    """A device's name, description, kind, and its total and free memory in bytes."""
    library: Any = api._lib  # pyright: ignore[reportPrivateUsage]
    handle = ctypes.c_void_p(device)
    library.ggml_backend_dev_name.restype = ctypes.c_char_p
    library.ggml_backend_dev_description.restype = ctypes.c_char_p
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    library.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    return {
        "name": library.ggml_backend_dev_name(handle).decode("utf-8", "replace"),
        "description": library.ggml_backend_dev_description(handle).decode("utf-8", "replace"),
        "kind": _KINDS.get(library.ggml_backend_dev_type(handle), "other"),
        "memory_total": total.value,
        "memory_free": free.value,
    }


def choose_device(parameters: api.llama_model_params, name: str) -> str:
    """Point a load at the named device and return the name of what it will run on.

    An empty name leaves the choice to llama.cpp: a GPU where the build has one, else the CPU.
    Raises EngineError `engine.no_device` for a name that no device has.
    """
    described = [(device, describe_device(device)) for device in backend_devices()]
    if not name:
        gpus = [about["name"] for _, about in described if about["kind"] == "gpu"]
        return str(gpus[0]) if gpus else "CPU"
    for device, about in described:
        if about["name"] != name:
            continue
        if about["kind"] == "cpu":
            parameters.n_gpu_layers = 0
            return name
        chosen = (ctypes.c_void_p * 2)(device, None)
        parameters.devices = cast(Any, ctypes.cast(chosen, ctypes.c_void_p))
        parameters.n_gpu_layers = -1
        return name
    known = ", ".join(str(about["name"]) for _, about in described)
    raise EngineError("engine.no_device", name=name, known=known)
