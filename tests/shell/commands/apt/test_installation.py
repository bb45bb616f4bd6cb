"""Packages come and go in a running world."""

from __future__ import annotations

import pytest

from maillab.lessons.script import run_script


def lab(capfdbinary: pytest.CaptureFixture[bytes], image: str, script: str) -> str:
    run_script(None, image, "", (), ("bash", "-c", script))
    return capfdbinary.readouterr().out.decode()


def test_install_and_purge(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    script = """
        echo postfix postfix/main_mailer_type select No configuration | debconf-set-selections
        apt-get install -y --no-install-recommends postfix | grep -c '^Setting up'
        dpkg -S /usr/sbin/postconf; getent passwd postfix | cut -d: -f1; ls /etc/rc2.d | grep postfix; test -e /etc/postfix/main.cf; echo $?
        apt-get purge -y postfix | tail -2 | head -1; ls -d /etc/postfix /usr/sbin/postconf 2>&1 | wc -l; dpkg -s postfix 2>&1 | head -1
    """
    assert lab(capsysbinary, "L0", script).splitlines() == [
        "6",
        "postfix: /usr/sbin/postconf",
        "postfix",
        "S01postfix",
        "1",
        "Purging configuration files for postfix (3.7.11-0+deb12u1) ...",
        "2",
        "dpkg-query: package 'postfix' is not installed and no information is available",
    ]


def test_questions_about_the_archive(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    script = (
        "apt-cache policy postfix | sed -n 2,3p; apt-get install nosuch 2>&1 | tail -1; dpkg --compare-versions 1.0~rc lt 1.0 && echo yes"
    )
    assert lab(capsysbinary, "P1", script).splitlines() == [
        "  Installed: 3.7.11-0+deb12u1",
        "  Candidate: 3.7.11-0+deb12u1",
        "E: Unable to locate package nosuch",
        "yes",
    ]


def test_another_transport_agent_replaces_postfix(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    script = "apt-get -s install exim4-daemon-light | grep -A1 REMOVED"
    assert lab(capsysbinary, "P1", script).splitlines() == ["The following packages will be REMOVED:", "  postfix"]
