"""The sections in which people speak: interpretation and review. The program writes nothing there."""

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.report.blocks import Blank, Block, Fact, Facts, Heading, Text
from workbench.report.shown import paragraphs, quoted, stated


def interpretation_blocks(record: Mapping[str, Any]) -> Iterator[Block]:
    """Propositions, interpretation and other explanations, as the examiner wrote them."""
    said = record["interpretation"]
    yield Text("Opinion of the examiner, in their own words. The program writes nothing here.", "lead")
    for proposition in said["propositions"]:
        yield Heading(f"Proposition {quoted(proposition['name'])}", 3)
        yield from (Text(line) for line in paragraphs(proposition["text"]))
        bears = quoted(proposition["assessment"]) or "not assessed"
        yield Text(f"How the findings bear on it, in the words of the laboratory's list: {bears}", "soft")
    if said["assessments"]:
        yield Text(f"The laboratory's list: {quoted('; '.join(said['assessments']))}", "soft")
    if said["propositions"]:
        yield Heading("In the examiner's words", 3)
    if said["text"]:
        yield from (Text(line) for line in paragraphs(said["text"]))
        yield Text(quoted(said["by"]) or "Examiner not named", "soft")
    else:
        yield Blank("No interpretation was written.")
    yield Heading("Other explanations considered", 3)
    if said["alternatives"]:
        yield from (Text(line) for line in paragraphs(said["alternatives"]))
    else:
        yield Text("None were written down.")


def review_blocks(review: Mapping[str, Any]) -> Iterator[Block]:
    """What the second examiner says."""
    if not review["name"]:
        yield Blank("No second examiner has reviewed this examination.")
        return
    agreed = {True: "agrees", False: "does not agree", None: "has not said"}[review["agreed"]]
    yield Facts(
        (
            Fact("Second examiner", (quoted(review["name"]),)),
            Fact("Date", stated(review["date"])),
            Fact("Agrees with findings and interpretation", (agreed,)),
            Fact("Remarks", paragraphs(review["remarks"]) or ("none",)),
        )
    )
