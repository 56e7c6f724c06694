"""What the documentation pages show of an OpenAPI document. They are drawn on the server, without scripts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Value:
    """A field or a parameter: its name, where it is sent, its type in words, and what it means."""

    name: str
    kind: str
    text: SafeString
    is_required: bool
    place: str = ""


@dataclass(frozen=True)
class Body:
    """A request body or an answer. ``schema`` is the name of its schema, if it has one; a form has ``fields``."""

    media_types: list[str]
    schema: str
    text: str = ""
    status: str = ""
    fields: list[Value] = field(default_factory=list)


@dataclass(frozen=True)
class Operation:
    """A method of a URL."""

    method: str
    path: str
    anchor: str
    summary: str
    paragraphs: list[SafeString]
    parameters: list[Value] = field(default_factory=list)
    body: Body | None = None
    answers: list[Body] = field(default_factory=list)


@dataclass(frozen=True)
class ObjectSchema:
    """A kind of object, with its fields."""

    name: str
    text: str
    fields: list[Value]
    example: str = ""


def operations(document: dict[str, Any]) -> list[Operation]:
    """Return the operations of ``document`` in its order."""
    return [
        _operation(path, method, found)
        for path, methods in document["paths"].items()
        for method, found in methods.items()
    ]


def schemas(document: dict[str, Any]) -> list[ObjectSchema]:
    """Return the kinds of objects of ``document``, by name."""
    found = document["components"]["schemas"]
    return [
        ObjectSchema(name, schema.get("description", ""), _fields(schema), _example(schema))
        for name, schema in sorted(found.items())
        if "properties" in schema
    ]


def _operation(path: str, method: str, found: dict[str, Any]) -> Operation:
    answers = [
        Body(
            media_types=list(answer.get("content", {})),
            schema=_schema_name(answer),
            text=answer["description"],
            status=str(status),
        )
        for status, answer in found["responses"].items()
    ]
    asked = found.get("requestBody")
    body = _request_body(asked) if asked else None
    return Operation(
        method=method.upper(),
        path=path,
        anchor=found["operationId"],
        summary=found["summary"],
        paragraphs=paragraphs(found.get("description", "")),
        parameters=[_parameter(one) for one in found["parameters"]],
        body=body,
        answers=answers,
    )


def _request_body(asked: dict[str, Any]) -> Body:
    fields = [
        value
        for content in asked["content"].values()
        if "properties" in content["schema"]
        for value in _fields(content["schema"])
    ]
    text = asked.get("description", "")
    return Body(list(asked["content"]), _schema_name(asked), text, fields=fields)


def paragraphs(text: str) -> list[SafeString]:
    """Return the paragraphs of ``text`` as HTML, with what stands between backticks as code."""
    return [_html(" ".join(part.split())) for part in text.split("\n\n") if part.strip()]


def _html(text: str) -> SafeString:
    pieces = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", one) if at % 2 else one,) for at, one in pieces)
    )


def _parameter(found: dict[str, Any]) -> Value:
    return Value(
        name=found["name"],
        kind=_kind(found["schema"]),
        text=_html(found.get("description", "")),
        is_required=found["required"],
        place=found["in"],
    )


def _fields(schema: dict[str, Any]) -> list[Value]:
    required = schema.get("required", ())
    return [
        Value(name, _kind(found), _html(found.get("description", "")), name in required)
        for name, found in schema["properties"].items()
    ]


def _example(schema: dict[str, Any]) -> str:
    examples = schema.get("examples")
    return json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""


def _schema_name(found: dict[str, Any]) -> str:
    for content in found.get("content", {}).values():
        return str(content["schema"].get("$ref", "")).rsplit("/", 1)[-1]
    return ""


def _kind(schema: dict[str, Any]) -> str:
    """Return the type of a value in the words of JSON Schema, with its limits."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if choices := schema.get("anyOf"):
        return " | ".join(_kind(one) for one in choices)
    if choices := schema.get("enum"):
        return " | ".join(f"“{one}”" for one in choices)
    if schema.get("type") == "array":
        return f"array of {_kind(schema.get('items', {}))}"
    words = [schema.get("format") or schema.get("type", "")]
    words += [
        f"{word} {schema[key]}" for key, word in _LIMITS.items() if _is_telling(schema.get(key))
    ]
    return ", ".join(words)


def _is_telling(limit: int | None) -> bool:
    """Return whether a limit is more than that of the database's numbers."""
    return limit is not None and limit < 2**53


_LIMITS = {"minimum": "≥", "maximum": "≤", "minLength": "length ≥", "maxLength": "length ≤"}
