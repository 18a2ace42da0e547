"""A head of families that ships belongs to the weights beside it."""

from workbench.core.digest import sha256_of_file
from workbench.core.families import FAMILIES, head_file, worth_of
from workbench.core.weights import card_named
from workbench.methods.mantranet.configuration import CONFIGURATIONS
from workbench.methods.mantranet.family_head import load_head


def test_the_head_and_its_table_belong_to_the_default_weights() -> None:
    card = card_named()
    assert head_file(card.path).is_file(), "the default weights ship without a head of families"
    assert load_head(head_file(card.path), CONFIGURATIONS[card.configuration], card.sha256)
    worth = worth_of(card.path, card.sha256)
    assert worth is not None
    assert worth.head_sha256 == sha256_of_file(head_file(card.path))
    assert worth.accuracy > 1.5 / len(FAMILIES), "better than guessing by half at least"
    assert worth.right > 0.5, "a colour is right more often than not"
