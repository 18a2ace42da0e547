from __future__ import annotations

import hashlib

from workbench.training.split import bucket, part_of


def test_bucket_is_that_of_the_published_rule() -> None:
    for name in ("kodim01.webp", "Olympus_μ_Digital_800.JPG"):
        digest = hashlib.sha256(name.encode()).hexdigest()
        assert bucket(name) == int(digest[:8], 16) % 10


def test_about_a_fifth_is_held_out() -> None:
    held_out = [part_of(f"picture-{number}.png") == "held-out" for number in range(2000)]
    assert 0.16 < sum(held_out) / len(held_out) < 0.24


def test_known_names_keep_their_part() -> None:
    parts = [part_of(f"scene-{seed}.png") for seed in range(10)]
    assert parts.count("held-out") == sum(bucket(f"scene-{seed}.png") < 2 for seed in range(10)) > 0
    assert "training" in parts
