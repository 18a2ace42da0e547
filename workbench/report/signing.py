"""A signature in the PDF (PAdES, ISO 32000-2 and ETSI EN 319 142) from a PKCS#12 file, and its check.

pyHanko does both; it is an extra, so it is imported where it is used. Nothing is fetched over the network.
"""

import io
import logging
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.core.errors import WorkbenchError
from workbench.core.text import visible

FIELD = "ReportSignature"


class SignatureError(WorkbenchError):
    """A signature could not be made or checked."""


def signer(key_file: Path, passphrase: str) -> Callable[[bytes], bytes]:
    """What signs a PDF with the key and the certificate of a PKCS#12 file; read now, so that it fails early.

    Raises:
        SignatureError: pyHanko is not installed, the file can't be read, or the passphrase is wrong.
    """
    signers = _pyhanko("sign.signers")
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it tells failures in a log of its own
    try:
        key_file.read_bytes()
    except OSError as error:
        raise SignatureError(
            f"The key file {visible(str(key_file))} can't be read: {error.strerror}. Nothing was signed."
        ) from error
    key = signers.SimpleSigner.load_pkcs12(str(key_file), passphrase=passphrase.encode())
    if key is None:
        raise SignatureError(
            f"{visible(key_file.name)} could not be opened: the passphrase is wrong, or it is no PKCS#12 "
            "file with a key and its certificate. Nothing was signed; try again."
        )

    def sign(pdf: bytes) -> bytes:
        return _signed(pdf, key)

    return sign


def _signed(pdf: bytes, key: Any) -> bytes:
    signers, writer = _pyhanko("sign.signers"), _pyhanko("pdf_utils.incremental_writer")
    pades = _pyhanko("sign.fields").SigSeedSubFilter.PADES
    about = signers.PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=pades)
    signed = io.BytesIO()
    signers.PdfSigner(about, signer=key).sign_pdf(
        writer.IncrementalPdfFileWriter(io.BytesIO(pdf)), output=signed
    )
    return signed.getvalue()


def is_signed(pdf: bytes) -> bool:
    """Whether there is a signature in a PDF, in order or not."""
    return b"/ByteRange" in pdf


def signature_differences(pdf: bytes) -> list[str]:
    """Sentences on what is wrong with the signatures of a PDF; none for a PDF without any.

    Whether the certificate is to be trusted is for the reader to say: who it names is told by `signed_by`.

    Raises:
        SignatureError: the PDF is signed and pyHanko is not installed.
    """
    if not is_signed(pdf):
        return []
    try:
        judged = [_judged(_status(signature)) for signature in _signatures(pdf)]
    except _unreadable():
        judged = []
    return list(filter(None, judged or ["The PDF was signed, and its signature can no longer be read."]))


def _judged(status: Any) -> str:
    if not (status.intact and status.valid):
        return "The signature of the PDF does not fit its bytes: the PDF was changed after signing."
    if status.coverage.name != "ENTIRE_FILE":
        return "The signature does not cover the whole PDF: something was added after signing."
    return ""


def signed_by(pdf: bytes) -> list[str]:
    """The names in the certificates that a PDF was signed with, as far as they can be read.

    Raises:
        SignatureError: the PDF is signed and pyHanko is not installed.
    """
    if not is_signed(pdf):
        return []
    try:
        return [visible(signature.signer_cert.subject.human_friendly, 200) for signature in _signatures(pdf)]
    except _unreadable():
        return []


def _unreadable() -> tuple[type[Exception], ...]:
    """What pyHanko raises on damaged files."""
    return _pyhanko("pdf_utils.misc").PdfError, ValueError, KeyError, TypeError, AttributeError


def _signatures(pdf: bytes) -> list[Any]:
    reader = _pyhanko("pdf_utils.reader").PdfFileReader(io.BytesIO(pdf))
    return list(reader.embedded_signatures)


def _status(signature: Any) -> Any:
    """Checked against its own certificate alone: of integrity, not of trust."""
    contexts = import_module("pyhanko_certvalidator.context")
    context = contexts.ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    return _pyhanko("sign.validation").validate_pdf_signature(signature, signer_validation_context=context)


def _pyhanko(name: str) -> Any:
    try:
        return import_module(f"pyhanko.{name}")
    except ModuleNotFoundError as error:
        raise SignatureError(
            "Signing and checking signatures need pyHanko, which is not installed. "
            "Install it with: pip install 'mantra-workbench[signing]'"
        ) from error
