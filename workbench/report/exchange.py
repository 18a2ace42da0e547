"""CASE/UCO JSON-LD (ontology 1.5): evidence, tool, examiner, every run and what it gave.

Names are made of the report's id (RFC 4122, version 5), so that the same report gives the same file.
"""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from workbench.core.analysis import METHOD

_UCO = "https://ontology.unifiedcyberontology.org/uco"
CONTEXT = {
    "kb": "urn:mantra-workbench:kb:",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "uco-action": f"{_UCO}/action/",
    "uco-analysis": f"{_UCO}/analysis/",
    "uco-configuration": f"{_UCO}/configuration/",
    "uco-core": f"{_UCO}/core/",
    "uco-identity": f"{_UCO}/identity/",
    "uco-observable": f"{_UCO}/observable/",
    "uco-tool": f"{_UCO}/tool/",
    "uco-types": f"{_UCO}/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = dict[str, Any]


def case_uco(records: Sequence[Mapping[str, Any]], places: Sequence[str]) -> bytes:
    """One graph of all pictures of a report.

    Args:
        records: of the pictures.
        places: folder of each in the report, "" or ending in "/".
    """
    graph = _Graph(records[0]["report"]["id"])
    nodes = list(graph.nodes(records, places))
    text = json.dumps({"@context": CONTEXT, "@graph": nodes}, ensure_ascii=True, indent=1)
    return text.encode("ascii") + b"\n"


class _Graph:
    def __init__(self, report_id: str) -> None:
        self._space = uuid.uuid5(uuid.NAMESPACE_OID, f"mantra-workbench report {report_id}")

    def nodes(self, records: Sequence[Mapping[str, Any]], places: Sequence[str]) -> Iterator[Node]:
        yield from self._examiner(records[0]["report"])
        yield self._tool(records[0]["tool"])
        members: list[Node] = []
        for number, (record, place) in enumerate(zip(records, places, strict=True), start=1):
            members.append(self._evidence(record["item"], number))
            members.append(self._received(record["item"], number))
            for run in record["runs"]:
                members += self._run(run, number, place)
        yield from members
        yield self._investigation(records[0]["report"], members)

    def _name(self, kind: str, key: str) -> str:
        return f"kb:{kind}-{uuid.uuid5(self._space, f'{kind} {key}')}"

    def _link(self, kind: str, key: str) -> Node:
        return {"@id": self._name(kind, key)}

    def _node(self, kind: str, key: str, types: str | list[str], **values: Any) -> Node:
        return {"@id": self._name(kind, key), "@type": types} | {
            name.replace("__", ":").replace("_", "-", 1): value for name, value in values.items()
        }

    def _investigation(self, report: Mapping[str, Any], members: list[Node]) -> Node:
        return self._node(
            "investigation",
            report["id"],
            "case-investigation:Investigation",
            uco_core__name=report["case"] or f"Report {report['id']}",
            uco_core__description=[report["question"] or "No question was written down."],
            uco_core__object=[{"@id": member["@id"]} for member in members],
        )

    def _examiner(self, report: Mapping[str, Any]) -> Iterator[Node]:
        yield self._node(
            "person", "examiner", "uco-identity:Person", uco_core__name=report["examiner"] or "not named"
        )
        yield self._node(
            "organization",
            "laboratory",
            "uco-identity:Organization",
            uco_core__name=report["organisation"] or "not named",
        )

    def _tool(self, tool: Mapping[str, Any]) -> Node:
        packages = ", ".join(f"{name} {version}" for name, version in sorted(tool["packages"].items()))
        made_of = f"Commit {tool['commit'] or 'unknown'}; Python {tool['python']}; {packages}"
        return self._node(
            "tool",
            "workbench",
            "uco-tool:AnalyticTool",
            uco_core__name="ManTra Workbench",
            uco_core__description=[made_of],
            uco_tool__toolType="image forensics",
            uco_tool__version=tool["version"],
        )

    def _evidence(self, item: Mapping[str, Any], number: int) -> Node:
        size = item["stored_size"]
        return self._node(
            "file",
            f"item {number}",
            "uco-observable:File",
            uco_core__hasFacet=[
                self._facet(
                    "file-facet",
                    f"item {number}",
                    "FileFacet",
                    uco_observable__fileName=item["name"],
                    uco_observable__filePath=item["path"],
                    uco_observable__sizeInBytes=item["size"],
                    uco_observable__modifiedTime=_time(item["modified"]),
                ),
                self._content(f"item {number}", item["sha256"]),
                self._facet(
                    "picture-facet",
                    f"item {number}",
                    "RasterPictureFacet",
                    uco_observable__pictureWidth=size["width"],
                    uco_observable__pictureHeight=size["height"],
                    uco_observable__pictureType=item["decode"]["format"],
                ),
            ],
        )

    def _received(self, item: Mapping[str, Any], number: int) -> Node:
        return self._node(
            "provenance",
            f"item {number}",
            "case-investigation:ProvenanceRecord",
            case_investigation__exhibitNumber=item["id"],
            uco_core__object=[self._link("file", f"item {number}")],
        )

    def _run(self, run: Mapping[str, Any], number: int, place: str) -> Iterator[Node]:
        begin = datetime.fromisoformat(run["started"])
        files = list(self._maps(run, place))
        yield from files
        yield self._settings(run)
        yield self._node(
            "configured-tool",
            run["id"],
            "uco-tool:ConfiguredTool",
            uco_core__name=f"ManTra Workbench, {METHOD}",
            uco_configuration__usesConfiguration=self._link("configuration", run["id"]),
            uco_configuration__isConfigurationOf=self._link("tool", "workbench"),
        )
        result = self._node(
            "result",
            run["id"],
            "uco-analysis:AnalyticResult",
            uco_core__description=[run["statement"], *run["limits"]],
            uco_analysis__originatingAnalysis=self._link("run", run["id"]),
            uco_analysis__resultContent=[{"@id": file["@id"]} for file in files],
        )
        yield result
        yield self._node(
            "run",
            run["id"],
            ["case-investigation:InvestigativeAction", "uco-analysis:Analysis"],
            uco_core__name=f"Run {run['id']}",
            uco_action__startTime=_time(run["started"]),
            uco_action__endTime=_time((begin + timedelta(seconds=run["seconds"])).isoformat()),
            uco_action__performer=self._link("person", "examiner"),
            uco_action__instrument=[self._link("configured-tool", run["id"])],
            uco_action__object=[self._link("file", f"item {number}")],
            uco_action__result=[{"@id": node["@id"]} for node in (*files, result)],
        )

    def _settings(self, run: Mapping[str, Any]) -> Node:
        return self._node(
            "configuration",
            run["id"],
            "uco-configuration:Configuration",
            uco_configuration__configurationEntry=[
                self._node(
                    "configuration-entry",
                    f"{run['id']} {name}",
                    "uco-configuration:ConfigurationEntry",
                    uco_configuration__itemName=name,
                    uco_configuration__itemValue=[value],
                )
                for name, value in _settings(run)
            ],
        )

    def _maps(self, run: Mapping[str, Any], place: str) -> Iterator[Node]:
        """The map as a file; its hash is that of the float32 responses, as the record says."""
        path = f"{place}{run['map']['path']}"
        yield self._node(
            "file",
            path,
            "uco-observable:File",
            uco_core__description=["Map of responses; the hash is that of its float32 values"],
            uco_core__hasFacet=[
                self._facet(
                    "file-facet",
                    path,
                    "FileFacet",
                    uco_observable__fileName=path.rpartition("/")[2],
                    uco_observable__filePath=path,
                ),
                self._content(path, run["map"]["sha256"]),
            ],
        )

    def _facet(self, kind: str, key: str, facet: str, **values: Any) -> Node:
        return self._node(kind, key, f"uco-observable:{facet}", **values)

    def _content(self, key: str, sha256: str) -> Node:
        digest = self._node(
            "hash",
            key,
            "uco-types:Hash",
            uco_types__hashMethod="SHA256",
            uco_types__hashValue={"@type": "xsd:hexBinary", "@value": sha256},
        )
        return self._facet("content-facet", key, "ContentDataFacet", uco_observable__hash=[digest])


def _settings(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "weights", f"{run['weights']['name']}, SHA-256 {run['weights']['sha256']}"
    yield "runtime", f"{run['runtime']}, {run['precision']}"
    yield "tile", str(run["tile"])
    yield "threshold", f"{run['threshold']['value']!r} ({run['threshold']['source']})"
    region = run["region"]
    if region:
        place = f"x {region['x']}, y {region['y']}, {region['width']} x {region['height']}"
        yield "region", f"{region['shape']}: {place}"


def _time(text: str) -> Node:
    return {"@type": "xsd:dateTime", "@value": text}
