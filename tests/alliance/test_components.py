"""Components in ``templates/_components/`` declare their parameters, and every include matches.

The comment at the top of a component has a line ``Takes:`` with its parameters (``?`` marks an
optional one) and a line ``Reads:`` with the context variables it uses. Django ignores a misspelt
parameter silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.template import Template, engines
from django.template.base import FilterExpression, Node, Variable
from django.template.loader_tags import IncludeNode
from django.template.smartif import TokenBase

ROOT = settings.BASE_DIR / "templates"
TEMPLATES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
COMPONENTS = [name for name in TEMPLATES if name.startswith("_components/")]
# Names that every template has.
BUILT_IN = {"forloop", "True", "False", "None", "_"}
# Read by tags such as {% csrf_token %} and {% query %}, so not visible in the template.
READ_BY_TAGS = {"csrf_token", "request"}


@dataclass(frozen=True)
class Declaration:
    """The parameters and context variables that a component declares."""

    required: frozenset[str]
    optional: frozenset[str]
    reads: frozenset[str]

    @property
    def takes(self) -> frozenset[str]:
        return self.required | self.optional


def declared(name: str, source: str | None = None) -> Declaration:
    text = source if source is not None else (ROOT / name).read_text()
    comment = re.match(r"{% comment %}(.*?){% endcomment %}", text, re.DOTALL)
    lines = dict(re.findall(r"^(Takes|Reads): (.+)$", comment[1] if comment else "", re.MULTILINE))
    assert "Takes" in lines, f"{name} does not declare its parameters"
    takes = [word for word in lines["Takes"].split() if word != "nothing"]
    return Declaration(
        frozenset(word for word in takes if not word.endswith("?")),
        frozenset(word[:-1] for word in takes if word.endswith("?")),
        frozenset(lines.get("Reads", "").split()),
    )


def compiled(source: str) -> Any:
    return engines["django"].from_string(source).template


def includes(template: Template) -> Iterator[tuple[str, IncludeNode]]:
    """Yield the components that a template includes, each with its node."""
    for node in template.nodelist.get_nodes_by_type(IncludeNode):
        name = node.template.var
        if isinstance(name, str) and name.startswith("_components/"):
            yield name, node


def faults(template: Template) -> list[str]:
    """Return the errors in a template's includes of components."""
    found = []
    for name, node in includes(template):
        what, given = declared(name), set(node.extra_context)
        unknown = given - what.takes - what.reads
        missing = what.required - given
        found += [f"{name} takes no {one}" for one in sorted(unknown)]
        found += [f"{name} needs {one}" for one in sorted(missing)]
        if not node.isolated_context and not what.reads and what.takes:
            found.append(f"{name} reads nothing from the context: include it with `only`")
        if node.isolated_context and what.reads - given:
            found.append(f"{name} reads the context: include it without `only`")
    return found


def parts(thing: Any) -> Any:
    """Return the children of a node or an expression."""
    if isinstance(thing, FilterExpression):
        return [thing.var, thing.filters]
    if isinstance(thing, TokenBase):  # of an {% if %}
        return [thing.first, thing.second, thing.value]
    if isinstance(thing, Node):
        return [value for name, value in vars(thing).items() if name not in {"token", "origin"}]
    if isinstance(thing, dict):
        return thing.values()
    return thing if isinstance(thing, list | tuple) else ()


def defined(node: Node) -> set[str]:
    """Return the names that a node defines for its content or for the nodes after it."""
    names = {getattr(node, at, None) for at in ("asvar", "target_var", "variable")}
    names.update(getattr(node, "loopvars", ()))
    if not isinstance(node, IncludeNode):
        names.update(getattr(node, "extra_context", ()))
    return {name for name in names if isinstance(name, str)}


def names_used(template: Template) -> set[str]:
    """Return the names that a template looks up and does not define itself."""
    used: set[str] = set()
    own: set[str] = set()
    left: list[Any] = list(template.nodelist)
    while left:
        thing = left.pop()
        if isinstance(thing, Variable) and thing.lookups:
            used.add(thing.lookups[0])
        elif isinstance(thing, Node):
            own |= defined(thing)
        left += parts(thing)
    return used - own - BUILT_IN


@pytest.mark.parametrize("name", TEMPLATES)
def test_includes_match_the_declared_parameters(name: str) -> None:
    assert faults(compiled((ROOT / name).read_text())) == []


@pytest.mark.parametrize("name", COMPONENTS)
def test_component_uses_exactly_what_it_declares(name: str) -> None:
    template = compiled((ROOT / name).read_text())
    what = declared(name)
    used = names_used(template)
    # Read by the components that it includes.
    passed_on = {one for inner, _node in includes(template) for one in declared(inner).reads}
    assert used <= what.takes | what.reads, "uses what it does not declare"
    assert what.takes | what.reads <= used | passed_on | READ_BY_TAGS, (
        "declares what it does not use"
    )


def test_every_component_is_used() -> None:
    used = {
        inner
        for name in TEMPLATES
        for inner, _node in includes(compiled((ROOT / name).read_text()))
    }
    from_python = {"_components/field.html", "_components/form.html"}
    assert set(COMPONENTS) == used | from_python


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('{% include "_components/confirm.html" with action=url label="Go" form=form %}', "takes no form"),
        ('{% include "_components/stat.html" with label="Cases" only %}', "needs value"),
        ('{% include "_components/stat.html" with label="Cases" value=1 %}', "with `only`"),
        ('{% include "_components/confirm.html" with label="Go" only %}', "without `only`"),
    ],
)  # fmt: skip
def test_wrong_include_is_reported(source: str, fault: str) -> None:
    assert [found for found in faults(compiled(source)) if fault in found]


def test_component_without_a_declaration_is_reported() -> None:
    with pytest.raises(AssertionError, match="does not declare"):
        declared("bare.html", "<p>{{ title }}</p>")
