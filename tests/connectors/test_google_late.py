"""What is loaded late is there all the same when it is used."""

import subprocess
import sys


def run(code: str) -> str:
    start = "from vouchd.connectors import google_late\ngoogle_late.spare()\ngoogle_late.spare()\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", start + code], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_signing_for_machines_works_when_it_is_used():
    code = (
        "import sys\nfrom google.auth import crypt, jwt\n"
        "print('cryptography' in sys.modules)\n"
        "print(crypt.RSASigner.__name__, jwt.encode.__name__, 'cryptography' in sys.modules)"
    )
    assert run(code).split() == ["False", "RSASigner", "encode", "True"]


def test_an_encoding_is_guessed_when_there_is_one_to_guess():
    code = (
        "import requests, sys\nprint('charset_normalizer.api' in sys.modules)\n"
        "answer = requests.Response()\nanswer._content = 'größer, weiter'.encode('utf-8')\n"
        "print(answer.apparent_encoding, answer.text, 'charset_normalizer.api' in sys.modules)"
    )
    assert run(code).split() == ["False", "utf-8", "größer,", "weiter", "True"]
