"""What a value without dataclasses still is: equal, hashed and shown by what it holds."""

from guardrail_proxy.secrets.span import SecretSpan
from guardrail_proxy.sidecar.cover import Cover


def test_values_of_one_class_that_hold_the_same_are_equal_and_hash_alike() -> None:
    one, same, other = (SecretSpan(1, 2, "x"), SecretSpan(1, 2, "x"), SecretSpan(1, 3, "x"))
    assert (one == same, one == other, hash(one) == hash(same), len({one, same, other})) == (True, False, True, 2)


def test_values_of_two_classes_are_never_equal() -> None:
    assert Cover(1, 2, "x") != SecretSpan(1, 2, "x")


def test_a_value_shows_what_it_holds() -> None:
    assert repr(Cover(1, 2, "x")) == "Cover(end=2, rule='x', start=1)"
