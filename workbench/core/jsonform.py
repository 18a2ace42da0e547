"""Frozen dataclasses <-> JSON, exactly: what is read back equals what was written."""

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> Any:
    """Turn a dataclass of dataclasses, tuples, enums, paths and plain values into JSON's own types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [to_json(v) for v in value]
    if isinstance(value, dict):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def from_json(kind: type[T], data: Any) -> T:
    """Build a value of a dataclass from what `to_json` gave.

    A key that is missing takes the field's default, one that is unknown is left out: fields may be added.

    Raises:
        ValueError: the data does not fit the types; the text says where.
    """
    return cast("T", _build(kind, data, kind.__name__))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(hint: Any, data: Any, where: str) -> Any:
    if type(data) is hint:  # most values are plain
        return data
    origin = get_origin(hint)
    if origin is tuple:
        return _build_tuple(get_args(hint), data, where)
    if origin in {Union, types.UnionType}:
        return _build_optional(get_args(hint), data, where)
    if is_dataclass(hint):
        return _build_dataclass(cast("type", hint), data, where)
    if isinstance(hint, type) and issubclass(hint, Enum | Path):
        return hint(_plain(str, data, where))
    return _plain(hint, data, where)


def _build_dataclass(kind: type, data: Any, where: str) -> Any:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: an object was expected, not {type(data).__name__}")
    hints = _hints(kind)
    present = {f.name for f in fields(kind) if f.name in data}
    missing = [f.name for f in fields(kind) if f.name not in present and not _has_default(f)]
    if missing:
        raise ValueError(f"{where}: {', '.join(missing)} missing")
    return kind(**{name: _build(hints[name], data[name], f"{where}.{name}") for name in present})


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _build_tuple(hints: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise ValueError(f"{where}: a list was expected, not {type(data).__name__}")
    if hints[-1] is Ellipsis:
        return tuple(_build(hints[0], v, f"{where}[{i}]") for i, v in enumerate(data))
    if len(data) != len(hints):
        raise ValueError(f"{where}: {len(hints)} values were expected, not {len(data)}")
    return tuple(_build(h, v, f"{where}[{i}]") for i, (h, v) in enumerate(zip(hints, data, strict=True)))


def _build_optional(hints: tuple[Any, ...], data: Any, where: str) -> Any:
    if data is None and type(None) in hints:
        return None
    return _build(next(h for h in hints if h is not type(None)), data, where)


def _plain(hint: Any, data: Any, where: str) -> Any:
    if hint is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if hint is not Any and (type(data) is not hint):
        raise ValueError(f"{where}: {hint.__name__} was expected, not {type(data).__name__}")
    return data
