"""Generation options: ranges, kinds, layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chinwag.core.errors import OptionError
from chinwag.core.options import GenerationOptions, option_ranges

SAID = st.fixed_dictionaries(
    {},
    optional={
        "temperature": st.floats(0, 2),
        "top_k": st.integers(0, 1000),
        "top_p": st.floats(0, 1),
        "min_p": st.floats(0, 1),
        "repeat_penalty": st.floats(0.5, 2),
        "max_tokens": st.integers(1, 1_000_000),
        "seed": st.integers(0, 2**32 - 2),
    },
)


def test_defaults_say_everything_but_the_seed() -> None:
    said = GenerationOptions.defaults().as_dict()
    assert set(option_ranges()) - set(said) == {"seed"}


@given(SAID)
def test_as_dict_and_back(said: dict[str, float]) -> None:
    assert GenerationOptions.from_dict(said).as_dict() == said


@given(SAID, SAID, SAID)
def test_the_upper_layer_decides_where_it_speaks(
    low: dict[str, float], middle: dict[str, float], high: dict[str, float]
) -> None:
    one, two, three = (GenerationOptions.from_dict(layer) for layer in (low, middle, high))
    assert two.over(one).as_dict() == low | middle
    assert three.over(two).over(one) == three.over(two.over(one))


@pytest.mark.parametrize("name", list(option_ranges()))
def test_the_ends_of_a_range_belong_to_it_and_nothing_beyond(name: str) -> None:
    low, high, _ = option_ranges()[name]
    for value in (low, high):
        assert GenerationOptions.from_dict({name: value}).as_dict() == {name: value}
    for value in (low - 1, high + 1):
        with pytest.raises(OptionError) as caught:
            GenerationOptions.from_dict({name: value})
        assert caught.value.code == "option.range"
        assert caught.value.values == {"name": name, "value": value, "low": low, "high": high}


@pytest.mark.parametrize(
    ("name", "value"),
    [("temperature", "hot"), ("temperature", True), ("top_k", 1.5), ("seed", "1"), ("top_p", [])],
)
def test_the_wrong_kind_of_value(name: str, value: object) -> None:
    with pytest.raises(OptionError) as caught:
        GenerationOptions.from_dict({name: value})
    assert caught.value.code == "option.type"
    assert caught.value.values["name"] == name


def test_not_a_number_is_out_of_range() -> None:
    with pytest.raises(OptionError) as caught:
        GenerationOptions(temperature=float("nan"))
    assert caught.value.code == "option.range"


def test_an_unknown_option() -> None:
    with pytest.raises(OptionError) as caught:
        GenerationOptions.from_dict({"heat": 1})
    assert (caught.value.code, caught.value.values) == ("option.unknown", {"name": "heat"})
