"""`differences`: any changed byte of a report is told; a signature holds what it covers."""

import datetime
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.core.errors import WorkbenchError
from workbench.report.export import Options, export_report
from workbench.report.folder import write_manifest
from workbench.report.record import Issue, canonical
from workbench.report.signing import SignatureError, signed_by, signer
from workbench.report.stamp import placeholder
from workbench.report.verification import differences, remarks

SECRET = "correct horse"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A. Examiner")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=3650))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("key") / "examiner.p12"
    data = pkcs12.serialize_key_and_certificates(
        b"examiner", key, certificate, None, BestAvailableEncryption(SECRET.encode())
    )
    path.write_bytes(data)
    return path


@pytest.fixture
def folder(tmp_path: Path, made: Any) -> Path:
    return made.export(tmp_path / "report").folder


def _signed(made: Any, folder: Path, key_file: Path) -> Path:
    sign = signer(key_file, SECRET)
    issue = Issue("rep1", "2026-11-20T12:00:00+01:00", "final", selftest=None)
    options = Options(sign=sign)
    return export_report(folder, made.case, made.item, made.evidence, made.maps, issue, {}, options).pdf


def test_an_untouched_report_does_not_differ(folder: Path) -> None:
    assert differences(folder) == []
    assert differences(folder / "record.json") == []
    assert differences(folder / "report.pdf") == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_told(folder: Path, data: st.DataObject) -> None:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    file = data.draw(st.sampled_from(files))
    before = file.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    other = (before[place] + data.draw(st.integers(1, 255))) % 256
    file.write_bytes(before[:place] + bytes([other]) + before[place + 1 :])
    try:
        found = differences(folder)
    except WorkbenchError:
        found = ["told"]
    finally:
        file.write_bytes(before)
    blank = file.name == "manifest.json" and json.loads(before) == _json_or_none(before, place, other)
    assert found or blank


def _json_or_none(data: bytes, place: int, other: int) -> Any:
    try:
        return json.loads(data[:place] + bytes([other]) + data[place + 1 :])
    except ValueError:
        return None


def test_missing_and_added_files_are_told(folder: Path) -> None:
    (folder / "whole" / "mask.png").unlink()
    (folder / "whole" / "more.png").write_bytes(b"x")
    found = "\n".join(differences(folder))
    assert "whole/mask.png is missing" in found
    assert "whole/more.png was added" in found


def test_a_record_alone_is_compared_with_its_form_and_what_lies_beside(folder: Path, tmp_path: Path) -> None:
    record = json.loads((folder / "record.json").read_bytes())
    (tmp_path / "record.json").write_text(json.dumps(record, indent=1), "utf-8")
    assert ["canonical form" in sentence for sentence in differences(tmp_path / "record.json")] == [True]
    shutil.copyfile(folder / "region-1/mask.png", folder / "whole/mask.png")
    assert any("whole/mask.png is not the exhibit" in s for s in differences(folder / "record.json"))


def _tampered(folder: Path) -> Path:
    record = json.loads((folder / "record.json").read_bytes())
    record["report"]["examiner"] = "Somebody else"
    (folder / "record.json").write_bytes(canonical(record))
    return folder / "record.json"


def test_a_record_is_compared_with_manifest_and_documents_that_lie_with_it(folder: Path) -> None:
    record = _tampered(folder)
    told = "\n".join(differences(record))
    assert "its SHA-256 is not the one in the manifest" in told
    (folder / "manifest.json").unlink()
    told = "\n".join(differences(record))
    assert "report.html was made from another record" in told
    assert "report.pdf was made from another record" in told
    assert remarks(record) == []


def test_a_record_in_the_folder_of_a_picture_is_found_in_the_manifest_above(folder: Path) -> None:
    part = folder / "picture-1"
    part.mkdir()
    for name in ("record.json", "report.html"):
        shutil.move(folder / name, part / name)
    write_manifest(folder, "rep1")
    assert differences(part / "record.json") == []
    assert "picture-1/record.json was changed" in differences(_tampered(part))[0]
    assert any(sentence.startswith("picture-1: ") for sentence in differences(folder))
    with pytest.raises(WorkbenchError, match="is a part of the report in"):
        differences(part)


def test_a_record_with_nothing_to_compare_with_is_told_by_its_hash(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone" / "record.json"
    alone.parent.mkdir()
    shutil.copyfile(folder / "record.json", alone)
    assert differences(alone) == []
    assert hashlib.sha256(alone.read_bytes()).hexdigest() in remarks(alone)[0]
    assert remarks(folder / "record.json") == remarks(folder) == []


@pytest.mark.parametrize("damage", ['{"aa":NaN,', '{"aa":' + "9" * 30 + ","])
def test_numbers_that_have_no_canonical_form_are_told(folder: Path, tmp_path: Path, damage: str) -> None:
    text = (folder / "record.json").read_text("utf-8")
    (tmp_path / "record.json").write_text(damage + text[1:], "utf-8")
    assert "canonical form" in differences(tmp_path / "record.json")[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_of_an_unsigned_pdf_alone_is_told(
    folder: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Its pages, too: it holds a hash of itself."""
    before, alone = (folder / "report.pdf").read_bytes(), tmp_path / "alone.pdf"
    place = data.draw(st.integers(5, len(before) - 1))  # behind that it says that it is a PDF
    changed = bytearray(before)
    changed[place] = (changed[place] + data.draw(st.integers(1, 255))) % 256
    alone.write_bytes(changed)
    assert differences(alone)


def test_of_an_unsigned_pdf_alone_it_is_said_what_was_compared(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "other.pdf"
    shutil.copyfile(folder / "report.pdf", alone)
    assert differences(alone) == []
    (said,) = remarks(alone)
    assert said.startswith("Nothing differs. The PDF is not signed: its pages and attachments were compared")
    with pikepdf.open(alone, allow_overwriting_input=True) as pdf:
        del pdf.docinfo["/Keywords"], pdf.Root.Metadata
        pdf.save(alone)
    assert differences(alone) == []
    (said,) = remarks(alone)
    assert "holds no SHA-256 of itself" in said
    assert "Its pages were not." in said


def test_of_an_unsigned_pdf_missing_attachments_are_told(folder: Path, tmp_path: Path) -> None:
    with pikepdf.open(folder / "report.pdf") as pdf:
        del pdf.attachments["whole/mask.png"]
        pdf.save(tmp_path / "other.pdf")
    assert differences(tmp_path / "other.pdf") == [
        "report.pdf was changed: it no longer has the SHA-256 that is written in it.",
        "whole/mask.png is missing among the attachments of the PDF.",
    ]


def test_a_case_can_t_write_the_stamp_itself(made: Any, tmp_path: Path) -> None:
    """Text that looks like it is neither taken for it nor changed by it."""
    made.with_details(examiner=placeholder("rep2"), question=placeholder("rep1"))
    folder = made.export(tmp_path / "report").folder
    assert differences(folder) == differences(folder / "report.pdf") == []
    with pikepdf.open(folder / "report.pdf") as pdf:
        assert pdf.attachments["record.json"].get_file().read_bytes() == (folder / "record.json").read_bytes()
        assert str(pdf.docinfo.Author).startswith("SHA-256 of report rep2")


def test_a_page_of_another_record_is_told(folder: Path) -> None:
    page = folder / "report.html"
    page.write_text(page.read_text("utf-8").replace("SHA-256 of record.json:<br>", "x"), "utf-8")
    assert any("report.html was changed" in sentence for sentence in differences(folder))


def test_a_changed_attachment_is_told(folder: Path, tmp_path: Path) -> None:
    with pikepdf.open(folder / "report.pdf") as pdf:
        spec = pdf.attachments["whole/mask.png"]
        data = (folder / "region-1/mask.png").read_bytes()
        pdf.attachments["whole/mask.png"] = pikepdf.AttachedFileSpec(pdf, data, mime_type="image/png")
        assert spec
        pdf.save(tmp_path / "other.pdf")
    assert "whole/mask.png, attached" in differences(tmp_path / "other.pdf")[1]


def test_what_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"holds no manifest\.json"):
        differences(tmp_path)
    with pytest.raises(WorkbenchError, match="can't be read"):
        differences(tmp_path / "nothing.json")
    (tmp_path / "manifest.json").write_text('{"files": [{"path": "../x", "sha256": ""}]}', "utf-8")
    with pytest.raises(WorkbenchError, match="outside the report"):
        differences(tmp_path)
    (tmp_path / "x.json").write_text("{}", "utf-8")
    with pytest.raises(WorkbenchError, match="no record of this program"):
        differences(tmp_path / "x.json")


def test_a_signed_report_does_not_differ_and_names_the_signer(
    tmp_path: Path, made: Any, key_file: Path
) -> None:
    pdf = _signed(made, tmp_path / "r", key_file)
    assert differences(tmp_path / "r") == []
    assert signed_by(pdf.read_bytes()) == ["Common Name: A. Examiner"]
    with pikepdf.open(pdf) as opened, opened.open_metadata() as said:
        assert (said["pdfaid:part"], said["pdfaid:conformance"]) == ("3", "A")
    with pikepdf.open(pdf) as opened:
        assert "record.json" in opened.attachments


def test_a_signature_holds_what_it_covers(tmp_path: Path, made: Any, key_file: Path) -> None:
    pdf = _signed(made, tmp_path / "r", key_file)
    data = pdf.read_bytes()
    signature = data.index(b"/ByteRange")
    for place in (len(data) // 7, len(data) // 2, signature - 20_000, signature + 20, len(data) - 30):
        pdf.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert differences(pdf), place
    pdf.write_bytes(data + b"\n% added\n")
    assert differences(pdf)


def test_a_wrong_passphrase_and_a_file_that_is_no_key_are_sentences(tmp_path: Path, key_file: Path) -> None:
    with pytest.raises(SignatureError, match="passphrase is wrong"):
        signer(key_file, "other")
    (tmp_path / "x.p12").write_bytes(b"x")
    with pytest.raises(SignatureError, match=r"no PKCS#12 file"):
        signer(tmp_path / "x.p12", SECRET)
    with pytest.raises(SignatureError, match="can't be read"):
        signer(tmp_path / "none.p12", SECRET)


def test_nothing_of_a_report_is_left_if_it_can_t_be_signed(tmp_path: Path, make: Callable) -> None:
    made = make()

    def fail(data: bytes) -> bytes:
        raise SignatureError("no")

    with pytest.raises(SignatureError):
        export_report(
            tmp_path / "r", made.case, made.item, made.evidence, made.maps, Issue(), {}, Options(sign=fail)
        )
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
