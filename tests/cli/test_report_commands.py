"""`report`, `verify` and `reproduce`: the whole way with the real store and the real worker."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image
from skimage import data

from workbench.cli import DIFFERENT, DONE, FAILED, main
from workbench.report.signing import signed_by


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.chdir(tmp_path)
    made = [tmp_path / "照片 =1+1.png", tmp_path / "b.png"]
    Image.fromarray(data.coffee()[100:180, 100:200]).save(made[0])
    Image.fromarray(data.rocket()[:90, :120]).save(made[1])
    return made


def _key_file(path: Path, secret: str) -> Path:
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
    keep = BestAvailableEncryption(secret.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"examiner", key, certificate, None, keep))
    return path


def test_a_case_is_reported_signed_and_verified(
    tmp_path: Path, pictures: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    assert main(["case", "new", "c"]) == DONE
    assert main(["case", "add", "c", *map(str, pictures)]) == DONE
    monkeypatch.setenv("WORKBENCH_PASSPHRASE", "secret words")
    key = _key_file(tmp_path / "key.p12", "secret words")
    pictures[0].unlink()  # the case keeps a copy
    assert main(["report", "c", "--sign", str(key), "--out", "r"]) == DONE
    shown = capsys.readouterr()
    assert "r/report.pdf" in shown.out
    assert "Not every picture could be read again unchanged" in shown.err
    assert signed_by((tmp_path / "r/report.pdf").read_bytes()) == ["Common Name: A. Examiner"]
    record = json.loads((tmp_path / "r/picture-1/record.json").read_bytes())
    assert len(record["report"]["log"]["sha256"]) == 64
    assert record["item"]["sha256_at_export"] is None
    assert (tmp_path / "r/picture-1/original.png").is_file()
    assert main(["verify", "r"]) == DONE
    assert "Common Name: A. Examiner" in capsys.readouterr().out
    assert main(["verify", "c"]) == DONE
    assert main(["verify", "r/picture-2"]) == FAILED
    assert "is a part of the report in" in capsys.readouterr().err
    (tmp_path / "other.json").write_text('{"sealed": "yesterday"}', "utf-8")
    assert main(["verify", "other.json"]) == FAILED
    assert "is no record of this program" in capsys.readouterr().err
    shutil.copyfile("r/picture-1/record.json", "record.json")
    assert main(["verify", "record.json"]) == DONE
    told = capsys.readouterr().out
    assert "compare it with the one printed in the report" in told
    assert "Nothing differs" not in told
    with (tmp_path / "r/picture-2/report.html").open("ab") as page:
        page.write(b" ")
    assert main(["verify", "r"]) == DIFFERENT
    assert "picture-2/report.html was changed" in capsys.readouterr().out


def test_only_what_is_asked_for_is_written(
    tmp_path: Path, pictures: list[Path], capsys: pytest.CaptureFixture
) -> None:
    assert main(["case", "new", "c"]) == DONE
    assert main(["report", "c"]) == FAILED
    assert "no picture yet" in capsys.readouterr().err
    assert main(["case", "add", "c", str(pictures[1])]) == DONE
    assert main(["report", "c", "--html", "--out", "h"]) == DONE
    assert main(["report", "c", "--pdf"]) == DONE
    assert (tmp_path / "h/report.html").is_file()
    assert not (tmp_path / "h/report.pdf").exists()
    assert (tmp_path / "c-report/report.pdf").is_file()
    assert not (tmp_path / "c-report/report.html").exists()


def test_a_passphrase_comes_from_no_argument(
    pictures: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.delenv("WORKBENCH_PASSPHRASE", raising=False)
    assert main(["case", "new", "c"]) == DONE
    key = _key_file(tmp_path / "key.p12", "s")
    (tmp_path / "words").write_text("wrong\n", "utf-8")
    assert main(["report", "c", "--sign", str(key)]) == FAILED
    assert "can't be asked for without a terminal" in capsys.readouterr().err
    assert main(["report", "c", "--sign", str(key), "--passphrase-file", "words"]) == FAILED
    assert "passphrase is wrong" in capsys.readouterr().err
    assert main(["report", "c", "--html", "--sign", str(key), "--passphrase-file", "words"]) == FAILED


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A picture and the report on it by the real worker."""
    folder = tmp_path_factory.mktemp("analysed")
    picture = folder / "a.png"
    Image.fromarray(data.coffee()[100:196, 100:228]).save(picture)
    arguments = ["analyze", str(picture), "--region", "10,10,64,64", "--out", str(folder / "r")]
    assert main(arguments) == DONE
    return picture, folder / "r"


@pytest.fixture
def report(analysed: tuple[Path, Path], tmp_path: Path) -> Callable[[], Path]:
    def copied() -> Path:
        shutil.copytree(analysed[1], tmp_path / "r")
        return tmp_path / "r"

    return copied


def test_a_report_is_reproduced(analysed: tuple[Path, Path], capsys: pytest.CaptureFixture) -> None:
    picture, folder = analysed
    assert (folder / "report.pdf").is_file()
    assert main(["verify", str(folder)]) == DONE
    assert main(["reproduce", str(folder / "record.json"), str(picture)]) == DONE
    out = capsys.readouterr().out
    assert out.count("largest difference") == 2
    assert "tolerance 0.0002" in out
    assert "2 runs were repeated; everything agrees within the stated tolerance." in out


def test_another_map_of_record_is_told(
    analysed: tuple[Path, Path], report: Callable[[], Path], capsys: pytest.CaptureFixture
) -> None:
    from workbench.core.heatmap import Heatmap

    folder = report()
    record = json.loads((folder / "record.json").read_bytes())
    response = np.load(folder / "whole/heatmap.npy")
    response[0, 0] = abs(response[0, 0] - 0.5)
    np.save(folder / "whole/heatmap.npy", response)
    record["runs"][0]["map"]["sha256"] = Heatmap.of(response).sha256
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(folder / "record.json"), str(analysed[0])]) == DIFFERENT
    out = capsys.readouterr().out
    assert "DIFFERENT  map of run" in out
    assert "something differs from the record" in out


def test_a_record_alone_is_compared_by_hash_and_statistics(
    analysed: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    record = json.loads((analysed[1] / "record.json").read_bytes())
    record["runs"][1]["map"]["sha256"] = "0" * 64
    (tmp_path / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(tmp_path / "record.json"), str(analysed[0])]) == DONE
    out = capsys.readouterr().out
    assert "the map of record is not beside the record" in out
    assert f"agrees     findings of run {record['runs'][1]['id']}" in out


def test_findings_of_a_record_alone_are_compared_within_the_tolerance(
    analysed: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """The map is neither there nor the same bit by bit, and still nothing can be put into the list."""
    record = json.loads((analysed[1] / "record.json").read_bytes())
    run = record["runs"][1]
    run["map"]["sha256"] = "0" * 64
    run["findings"] = [
        {"number": 1, "x": 12, "y": 12, "width": 20, "height": 20, "area": 400}
        | {"share": 400 / 4096, "mean": 0.99, "max": 0.999}
    ]
    run["above_threshold"]["components"] = 1
    (tmp_path / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(tmp_path / "record.json"), str(analysed[0])]) == DIFFERENT
    out = capsys.readouterr().out
    assert f"DIFFERENT  findings of run {run['id']}" in out
    assert "place 1 is not there" in out


def test_a_run_that_can_t_be_made_again_is_no_difference_and_not_passed_over(
    analysed: tuple[Path, Path], report: Callable[[], Path], capsys: pytest.CaptureFixture
) -> None:
    folder = report()
    record = json.loads((folder / "record.json").read_bytes())
    record["runs"][1]["weights"]["sha256"] = "1" * 64
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(folder / "record.json"), str(analysed[0])]) == FAILED
    out = capsys.readouterr().out
    assert f"not run    run {record['runs'][1]['id']}" in out
    assert "DIFFERENT" not in out
    assert (
        "2 runs were to be repeated, 1 could not be run; of what was compared everything agrees within the "
        "stated tolerance." in out
    )


def test_another_picture_or_missing_weights_are_told(
    analysed: tuple[Path, Path], report: Callable[[], Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = report()
    other = tmp_path / "other.png"
    Image.fromarray(data.coffee()[101:197, 100:228]).save(other)
    record = json.loads((folder / "record.json").read_bytes())
    for run in record["runs"]:
        run["weights"]["sha256"] = "1" * 64
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(folder / "record.json"), str(other)]) == DIFFERENT
    out = capsys.readouterr().out
    assert "DIFFERENT  SHA-256 of the file" in out
    assert "DIFFERENT  SHA-256 of the decoded pixels" in out
    assert out.count("are not installed here") == 2


def test_a_smaller_picture_can_t_hold_the_region(
    analysed: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    other = tmp_path / "small.png"
    Image.fromarray(data.coffee()[100:150, 100:150]).save(other)
    assert main(["reproduce", str(analysed[1] / "record.json"), str(other)]) == DIFFERENT
    out = capsys.readouterr().out
    assert "reaches outside the picture" in out
    assert "size of the map of run" in out


def test_figures_of_the_record_are_compared_though_the_map_beside_it_is_whole(
    analysed: tuple[Path, Path], report: Callable[[], Path], capsys: pytest.CaptureFixture
) -> None:
    folder = report()
    record = json.loads((folder / "record.json").read_bytes())
    run, region = record["runs"]
    run["tiling"]["tested_deviation"] = 1
    run["statistics"]["maximum"] -= 0.3
    run["above_threshold"]["area"] += 5000
    region["findings"] = [
        dict.fromkeys(("number", "x", "y", "width", "height", "area"), 1)
        | dict.fromkeys(("share", "mean", "max"), 0.5)
    ]
    (folder / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(folder / "record.json"), str(analysed[0])]) == DIFFERENT
    out = capsys.readouterr().out
    assert f"DIFFERENT  statistics of run {run['id']}" in out
    assert f"DIFFERENT  area above the threshold of run {run['id']}" in out
    assert f"DIFFERENT  findings of run {region['id']}" in out
    assert f"agrees     SHA-256 of the weights of run {run['id']}" in out
    assert "tolerance 0.0002" in out


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record.pop("runs"),
        lambda record: record["runs"][0].pop("precision"),
        lambda record: record["runs"][0].pop("weights"),
        lambda record: record["runs"][0]["above_threshold"].pop("share"),
        lambda record: record["runs"][1]["region"].pop("name"),
        lambda record: record["runs"][0]["statistics"].update(maximum=float("nan")),
        lambda record: record["runs"][0].update(tile=10**30),
        lambda record: record["runs"][0]["map"].update(shape=[1]),
    ],
)
def test_a_damaged_record_is_refused_with_a_sentence(
    analysed: tuple[Path, Path],
    tmp_path: Path,
    damage: Callable[[dict], object],
    capsys: pytest.CaptureFixture,
) -> None:
    record = json.loads((analysed[1] / "record.json").read_bytes())
    damage(record)
    (tmp_path / "record.json").write_text(json.dumps(record), "utf-8")
    assert main(["reproduce", str(tmp_path / "record.json"), str(analysed[0])]) == FAILED
    assert "is no record of this program, or it was damaged" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema_version": 2, "item": {"decoded_sha256": ""}}'])
def test_what_is_no_record_is_refused(
    tmp_path: Path, pictures: list[Path], text: str, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "x.json").write_text(text, "utf-8")
    assert main(["reproduce", "x.json", str(pictures[1])]) == FAILED
    assert "x.json" in capsys.readouterr().err
