"""What Google's discovery documents permit: addresses, parameters, bodies, scopes, answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

import jsonschema

APIS = ("gmail.v1", "calendar.v3", "tasks.v1", "people.v1")
Json = dict[str, Any]


@cache
def document(api: str) -> Json:
    """The whole document, sending and all, as shipped with google-api-python-client."""
    path = files("googleapiclient") / "discovery_cache" / "documents" / f"{api}.json"
    found: Json = json.loads(path.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Method:
    """One method of an API."""

    api: str
    id: str
    verb: str
    path: re.Pattern[str]
    names: tuple[str, ...]
    parameters: Json
    body: str | None
    answer: str | None
    scopes: frozenset[str]


@cache
def methods() -> tuple[Method, ...]:
    found = []
    for api in APIS:
        doc = document(api)
        for raw in _walk(doc["resources"]):
            flat = "/" + doc["servicePath"] + raw.get("flatPath", raw["path"])
            names = tuple(re.findall(r"\{(\w+)\}", flat))
            pattern = re.sub(r"\\\{\w+\\\}", "([^/]+)", re.escape(flat))
            found.append(
                Method(
                    api,
                    raw["id"],
                    raw["httpMethod"],
                    re.compile(pattern),
                    names,
                    {**doc["parameters"], **raw.get("parameters", {})},
                    raw.get("request", {}).get("$ref"),
                    raw.get("response", {}).get("$ref"),
                    frozenset(raw.get("scopes", ())),
                )
            )
    # The more exact address first: drafts/send before drafts/{id}.
    return tuple(sorted(found, key=lambda m: len(m.names)))


def _walk(resources: Json) -> list[Json]:
    found: list[Json] = []
    for resource in resources.values():
        found.extend(resource.get("methods", {}).values())
        found.extend(_walk(resource.get("resources", {})))
    return found


def match(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    for method in methods():
        hit = method.path.fullmatch(path) if method.verb == verb else None
        if hit:
            return method, {n: unquote(v) for n, v in zip(method.names, hit.groups(), strict=True)}
    return None


def wrong_parameters(method: Method, query: dict[str, list[str]], path: dict[str, str]) -> str:
    for name, values in query.items():
        spec = method.parameters.get(name)
        if spec is None:
            return f"unknown parameter {name}"
        if len(values) > 1 and not spec.get("repeated"):
            return f"{name} is given twice"
        for value in values:
            if spec["type"] == "integer" and not re.fullmatch(r"-?\d+", value):
                return f"{name} is no number"
            if spec["type"] == "boolean" and value not in ("true", "false"):
                return f"{name} is neither true nor false"
            if "enum" in spec and value not in spec["enum"]:
                return f"{name} cannot be {value}"
            if "maximum" in spec and int(value) > int(spec["maximum"]):
                return f"{name} is too large"
    for name, spec in method.parameters.items():
        # What stands in the path has matched; `{+name}` spreads over several steps of it.
        in_path = name in path or spec.get("location") == "path"
        if spec.get("required") and name not in query and not in_path:
            return f"{name} is missing"
    return ""


@cache
def _validator(api: str, schema: str) -> Any:
    definitions = {name: _converted(s) for name, s in document(api)["schemas"].items()}
    root = {"$defs": definitions, "$ref": f"#/$defs/{schema}"}
    return jsonschema.Draft202012Validator(root)


def _converted(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_converted(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    out: Json = {}
    for name, value in schema.items():
        if name == "$ref":
            out["$ref"] = f"#/$defs/{value}"
        elif name == "properties":
            out["properties"] = {n: _converted(p) for n, p in value.items()}
            out["additionalProperties"] = False
        elif name in ("items", "additionalProperties"):
            out[name] = _converted(value)
        elif name in ("type", "enum", "pattern") and value != "any":
            out[name] = value
        elif name == "format" and value in ("uint64", "int64"):
            out["pattern"] = r"^-?\d+$"
    if schema.get("format") == "byte":
        out["pattern"] = r"^[A-Za-z0-9_-]*={0,2}$"
    return out


def wrong_body(api: str, schema: str, body: Any) -> str:
    for error in _validator(api, schema).iter_errors(body):
        place = "/".join(map(str, error.absolute_path))
        return f"{place}: {error.message[:200]}"
    return ""
