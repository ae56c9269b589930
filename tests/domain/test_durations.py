import pytest

from wbtui.domain.durations import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("30", 30),
        ("+5", 5),
        ("30s", 30),
        ("1m30s", 90),
        ("1h1m1s1ms", 3661.001),
        ("1.5h", 5400),
        ("1.s", 1),
        (".5s", 0.5),
        ("250ms", 0.25),
        ("1us", 1e-6),
        ("1\u00b5s1\u03bcs1ns", 2.001e-6),
        ("+2m", 120),
        ("30s1m", 90),
        ("-1s", 0),
        ("-1m30s", 0),
        ("0s", 0),
        ("-0", 0),
    ],
)
def test_a_duration_is_read_as_kubectl_reads_it(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "s",
        ".",
        ".s",
        "-5",
        "5x",
        "5 s",
        " 5",
        "1h 30m",
        "1e3s",
        "1_0",
        "1d",
        "5S",
        "1h30",
        "٣",
        "9999999999h",
        "9223372036.854775808s",
        "1e400",
    ],
)
def test_what_kubectl_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        seconds(text)
