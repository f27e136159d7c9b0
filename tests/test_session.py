"""Values that flow between the stages."""

from guardrail_proxy.session import Finding


def test_the_category_of_a_finding_is_the_folder_of_its_id() -> None:
    assert Finding("secrets/aws-access-key", "violation", "critical", "a key").category == "secrets"
