"""The record in words: the sections of a report, for HTML and PDF alike."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workbench.core.text import visible
from workbench.core.wording import guarded
from workbench.report.blocks import (
    Block,
    Fact,
    Facts,
    Figure,
    Heading,
    Matrix,
    Note,
    Part,
    Points,
    Section,
    Text,
    Verbatim,
)
from workbench.report.contents_findings import finding_blocks, run_blocks
from workbench.report.contents_opinion import interpretation_blocks, review_blocks
from workbench.report.contents_search import search_blocks
from workbench.report.figures import Images
from workbench.report.shown import (
    count,
    paragraphs,
    quoted,
    stated,
    time,
)

_MOST_METADATA = 200
"""Rows of EXIF; the record holds all."""
_LONGEST_XMP = 4000


def part_of(record: Mapping[str, Any], record_sha256: str, images: Images, prefix: str = "") -> Part:
    """The sections on one picture.

    Args:
        record: as `build_record` made it.
        record_sha256: of its canonical form.
        images: which previews there are.
        prefix: of the names of links and images, so that parts of one document keep theirs apart.
    """
    made: tuple[tuple[str, str, Iterable[Block]], ...] = (
        ("Identification", "identification", _identification(record, record_sha256)),
        ("Item and its integrity", "item", _item(record["item"], images, prefix)),
        ("How it was decoded", "decode", _decode(record["item"])),
        ("Method", "method", _method(record)),
        ("All runs", "runs", run_blocks(record, prefix)),
        ("Region searches", "searches", search_blocks(record)),
        ("Findings", "findings", finding_blocks(record, prefix)),
        ("Interpretation", "interpretation", interpretation_blocks(record)),
        ("Limits", "limits", [Points(tuple(quoted(limit) for limit in record["limits"]))]),
        ("Review", "review", review_blocks(record["report"]["review"])),
        ("Tool", "tool", _tool(record["tool"])),
        ("Exhibits", "exhibits", _exhibits(record)),
        ("Metadata of the file", "metadata", _metadata(record["item"]["decode"])),
    )
    sections = tuple(
        Section(guarded(title), prefix + target, tuple(blocks)) for title, target, blocks in made
    )
    return Part(quoted(record["item"]["name"]), sections)


def _identification(record: Mapping[str, Any], record_sha256: str) -> Iterator[Block]:
    report, item = record["report"], record["item"]
    facts = [
        Fact("Report", (report["id"],)),
        Fact("Issued", (time(report["issued"]),)),
        Fact("Status", (report["status"],)),
        Fact("Examiner", stated(report["examiner"])),
        Fact("Organisation", stated(report["organisation"])),
        Fact("Case", stated(report["case"])),
        Fact("Item", (item["id"],)),
        Fact("Question asked", paragraphs(report["question"]) or ("not given",)),
        Fact("SHA-256 of record.json", (record_sha256,), code=True),
    ]
    if report["log"]:
        facts.append(Fact("Head of the case log", (report["log"]["sha256"],), code=True))
        facts.append(Fact("Lines of the case log", (count(report["log"]["count"]),)))
    yield Facts(tuple(facts))
    yield Text(
        "record.json holds everything that is said here in a form that programs read. Where the two differ, "
        "the record counts.",
        "soft",
    )


def _item(item: Mapping[str, Any], images: Images, prefix: str) -> Iterator[Block]:
    yield _integrity(item)
    yield Facts(
        (
            Fact("Name", (quoted(item["name"]),)),
            Fact("Path as received", (quoted(item["path"]),)),
            Fact("Size", (f"{count(item['size'])} bytes",)),
            Fact("File time of this copy", (time(item["modified"]),)),
            Fact("SHA-256 at opening", (item["sha256"],), code=True),
            Fact("SHA-256 at export", (item["sha256_at_export"] or "not known",), code=True),
            *([Fact("Tags", (quoted(", ".join(item["tags"])),))] if item["tags"] else []),
            *([Fact("Examiner's note", paragraphs(item["note"]))] if item["note"] else []),
        )
    )
    outlined = " Outlined: the regions drawn on it." if item["regions"] else ""
    turned = (
        f" Shown turned by its EXIF orientation {item['orientation']}; all numbers are in the stored frame."
        if item["orientation"] != 1
        else ""
    )
    yield Figure(
        f"{prefix}item",
        "The item" + (" with the regions drawn on it" if item["regions"] else ""),
        "The item.",
        f"{outlined}{turned} Preview for reading; the exhibit is the file itself.".strip(),
    )
    yield from _regions(item)
    if f"{prefix}thumbnail" in images:
        yield Figure(
            f"{prefix}thumbnail",
            "Thumbnail embedded in the file",
            "Thumbnail embedded in the file,",
            "as it is stored. It is made by the camera or by the program that last wrote it.",
        )


def _integrity(item: Mapping[str, Any]) -> Note:
    if item["unchanged"]:
        return Note(
            "The file is unchanged.",
            "Its SHA-256 at export is the one it had when it was opened. The program only ever read it.",
        )
    if item["sha256_at_export"]:
        return Note(
            "The file has CHANGED since it was opened.",
            "Its SHA-256 at export is another one. What follows was found on the file as it was opened; the "
            "changed file is not among the exhibits.",
            warning=True,
        )
    return Note(
        "The file could not be read again at export,",
        f"so it is not known whether it is unchanged. {quoted(item['integrity_remark'])}",
        warning=True,
    )


def _regions(item: Mapping[str, Any]) -> Iterator[Block]:
    noted = [region for region in item["regions"] if region["note"]]
    if noted:
        yield Facts(
            tuple(Fact(f"Note on {quoted(region['name'])}", paragraphs(region["note"])) for region in noted)
        )


def _decode(item: Mapping[str, Any]) -> Iterator[Block]:
    decode, size, jpeg = item["decode"], item["stored_size"], item["decode"]["jpeg"]
    turned = (
        " (turns the display only; never applied to what is analysed)" if item["orientation"] != 1 else ""
    )
    notes = tuple(quoted(note) for note in decode["notes"]) or ("nothing",)
    facts = [
        Fact("Decoder", (decode["decoder"],)),
        Fact("Format", (decode["format"],)),
        Fact("Stored size", (f"{size['width']} × {size['height']} pixels",)),
        Fact("Colour mode", (decode["mode"],)),
        Fact("Bits a channel", (str(decode["bit_depth"]),)),
        Fact("EXIF orientation", (f"{item['orientation']}{turned}",)),
        Fact("ICC profile", (quoted(decode["icc_profile"]) if decode["icc_profile"] else "none",)),
        Fact("Pictures in the file", (str(decode["frames"]),)),
        Fact("Dropped or converted", notes),
        Fact("SHA-256 of the analysed array", (item["decoded_sha256"],), code=True),
    ]
    if jpeg:
        facts += [
            Fact("JPEG quality", (_quality(jpeg),)),
            Fact("Chroma subsampling", (jpeg["subsampling"],)),
            Fact("Coding", ("progressive" if jpeg["progressive"] else "sequential",)),
        ]
    yield Facts(tuple(facts))
    for number, table in enumerate(jpeg["tables"] if jpeg else ()):
        rows = tuple(tuple(table[i : i + 8]) for i in range(0, len(table), 8))
        yield Matrix(f"Quantisation table {number}", rows)


def _quality(jpeg: Mapping[str, Any]) -> str:
    if jpeg["quality"] is None:
        return "not to be estimated: the tables are unlike those of the IJG library"
    how = (
        ", exactly the IJG luminance table of that quality"
        if jpeg["exact"]
        else ", estimated; not exactly an IJG table"
    )
    return f"{jpeg['quality']}{how}"


def _method(record: Mapping[str, Any]) -> Iterator[Block]:
    method = record["method"]
    names = "Method", "Citation", "Implementation", "Input", "Meaning of the map"
    keys = "name", "citation", "licence", "input", "polarity"
    yield Facts(tuple(Fact(name, (method[key],)) for name, key in zip(names, keys, strict=True)))
    yield Heading("What to look for", 3)
    yield Text(method["look_for"])
    yield Heading("What to ignore", 3)
    yield Text(method["ignore"])
    yield Heading("Weights, their licence and intended use", 3)
    weights = {run["weights"]["sha256"]: run["weights"] for run in record["runs"]}
    for used in weights.values():
        yield Facts(
            (
                Fact("Weights", (quoted(used["name"]),)),
                Fact("Configuration", (quoted(used["configuration"]),)),
                Fact("Licence", (quoted(used["licence"]),)),
                Fact("Origin", (quoted(used["origin"]),)),
                Fact("SHA-256", (used["sha256"],), code=True),
            )
        )
    if not weights:
        yield Text("No run was made.")
    yield Text(
        "Intended use: to direct an examiner's eye to places whose traces differ from their surroundings. "
        "Not for a verdict without examination, and not on its own."
    )


def _tool(tool: Mapping[str, Any]) -> Iterator[Block]:
    packages = ", ".join(f"{name} {version}" for name, version in sorted(tool["packages"].items()))
    yield Facts(
        (
            Fact("Program", (f"ManTra Workbench {tool['version']}",)),
            Fact("Commit", (tool["commit"] or "not from a checkout",)),
            Fact("Python", (tool["python"],)),
            Fact("Operating system", (tool["os"],)),
            Fact("Processor", (tool["device"],)),
            Fact("Libraries", (packages,)),
            Fact("Self-test", tuple(_selftest(tool["selftest"]))),
        )
    )


def _selftest(test: Mapping[str, Any]) -> Iterator[str]:
    if not test["date"]:
        yield "none was made on this installation; workbench selftest makes one, and reports then state it"
        return
    runtime = f", on {test['runtime']}, {test['precision']}" if test.get("runtime") else ""
    yield f"{time(test['date'])}: {'passed' if test['passed'] else 'NOT passed'}{runtime}"
    for check in test.get("checks", ()):
        yield visible(f"{check['what']}: {check['difference'] or 'as expected'}", 400)


def _exhibits(record: Mapping[str, Any]) -> Iterator[Block]:
    yield Text(
        "In the folder of the report, full size and lossless, each with its SHA-256. manifest.json repeats "
        "these hashes with those of this report and of the record.",
        "lead",
    )
    yield Facts(tuple(Fact(e["path"], (e["caption"],), digest=e["sha256"]) for e in record["exhibits"]))


def _metadata(decode: Mapping[str, Any]) -> Iterator[Block]:
    yield Text(
        "As the file states it. Metadata are easily changed; they are text here, whatever they hold.", "lead"
    )
    exif = decode["exif"]
    if exif:
        yield Facts(tuple(Fact(quoted(name), stated(value)) for name, value in exif[:_MOST_METADATA]))
    else:
        yield Text("No EXIF.")
    if len(exif) > _MOST_METADATA:
        yield Text(f"The first {_MOST_METADATA} of {len(exif)} values; record.json holds all.", "soft")
    if decode["xmp"]:
        yield Heading("XMP", 3)
        yield Verbatim(tuple(visible(line) for line in decode["xmp"][:_LONGEST_XMP].splitlines()))
        if len(decode["xmp"]) > _LONGEST_XMP:
            total = count(len(decode["xmp"]))
            yield Text(f"The first {_LONGEST_XMP} of {total} characters; record.json holds all.", "soft")
