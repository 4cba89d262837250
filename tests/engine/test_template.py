"""The sandbox for chat templates: what Transformers' templates may use, and where it ends."""

import json
from pathlib import Path

import pytest

from chinwag.core.errors import PromptError
from chinwag.engine.template import ChatTemplate, TemplateRefused

CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
DOUBLING = (
    "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = DOUBLED %}{% endfor %}"
)
HELLO = [{"role": "user", "content": "Hello"}]


def render(source: str, messages: list[dict[str, object]] | None = None) -> str:
    return ChatTemplate(source, "<s>", "</s>").render(HELLO if messages is None else messages)


def test_renders_turns_and_the_opening_of_the_reply():
    assert render(CHATML) == "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n"


def test_block_tags_leave_no_blank_lines():
    source = (
        "{% for m in messages %}\n    {% if true %}\n{{ m.content }}\n    {% endif %}\n{% endfor %}"
    )
    assert render(source) == "Hello\n"


def test_bos_and_eos_are_the_files_own():
    assert render("{{ bos_token }}x{{ eos_token }}") == "<s>x</s>"


def test_loop_controls_and_generation_tags_are_known():
    source = "{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}"
    assert render(source) == "01"
    assert render("{% generation %}inside{% endgeneration %}") == "inside"


def test_tojson_leaves_markup_and_other_scripts_as_they_are():
    value = {"a": "<é>"}
    assert render("{{ messages[0].content | tojson }}", [{"role": "user", "content": value}]) == (
        json.dumps(value, ensure_ascii=False)
    )


def test_concatenation_still_makes_strings():
    assert render("{{ 1 ~ 'a' ~ missing ~ 2.5 }}") == "1a2.5"


def test_a_template_that_raises_is_told_apart_from_one_that_fails():
    with pytest.raises(TemplateRefused, match="only user"):
        render("{{ raise_exception('only user') }}")
    with pytest.raises(PromptError) as failure:
        render("{{ messages[0].content.no_such.thing }}")
    assert failure.value.code == "prompt.template_failed"


def test_a_broken_template_says_so_when_it_is_opened():
    with pytest.raises(PromptError) as failure:
        ChatTemplate("{% for %}", "", "")
    assert failure.value.code == "prompt.template_syntax"


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}"
        "{% for a in range(99999) %}{% for b in range(99999) %}{% set x = a * b %}"
        "{% endfor %}{% endfor %}{{ f(1) }}",
    ],
)
def test_a_template_that_loops_is_stopped(source: str):
    with pytest.raises(PromptError) as failure:
        render(source)
    assert failure.value.code == "prompt.template_slow"


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'x' * 10**10 }}",
        "{{ [0] * 10**10 }}",
        "{{ 10**10000000 }}",
        "{{ (10**1000)**1000 }}",
        "{{ (10**10000000) | string }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ 'x' | indent(1000000000) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x'.zfill(width=1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ '%1000000000d' | format(1) }}",
        "{{ '{:>1000000000}'.format('x') }}",
        "{{ messages | tojson(indent=1000000000) }}",
        "{{ ('x' * 1000000).replace('x', 'y' * 1000000) }}",
        "{{ ('x' * 1000000) | replace('x', 'y' * 1000000) }}",
        "{{ ('x' * 1000000).join(range(99999) | map('string') | list) }}",
        "{{ (['x' * 1000000] * 1000) | join }}",
        DOUBLING.replace("DOUBLED", "ns.s ~ ns.s"),
        DOUBLING.replace("DOUBLED", "ns.s + ns.s"),
        "{% for i in range(99999) %}{{ 'x' * 100000 }}{% endfor %}",
    ],
)
def test_a_template_that_asks_for_the_moon_is_refused(source: str):
    with pytest.raises(PromptError) as failure:
        render(source)
    assert failure.value.code in ("prompt.template_large", "prompt.template_slow")


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ messages.append(1) }}",
        "{{ cycler.__init__.__globals__.os.system('true') }}",
        "{{ lipsum.__globals__ }}",
        "{% include 'etc/passwd' %}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(source: str):
    with pytest.raises(PromptError) as failure:
        render(source)
    assert failure.value.code == "prompt.template_failed"


def test_every_vendored_template_compiles(vendored_templates: list[Path]):
    assert len(vendored_templates) >= 60
    for path in vendored_templates:
        ChatTemplate(path.read_text("utf-8"), "<s>", "</s>")
