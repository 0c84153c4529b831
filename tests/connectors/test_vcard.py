"""vCards as address books write them: every version, odd charsets, damage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vouchd.connectors import vcard
from vouchd.connectors.base import Refused
from vouchd.connectors.contact import Contact, merged


def card(*lines: str | bytes, version: str = "3.0") -> bytes:
    inside = [line.encode() if isinstance(line, str) else line for line in lines]
    whole = [b"BEGIN:VCARD", b"VERSION:" + version.encode(), *inside, b"END:VCARD", b""]
    return b"\r\n".join(whole)


def one(*lines: str | bytes, version: str = "3.0") -> Contact:
    (person,), parked = vcard.read(card(*lines, version=version))
    assert not parked
    return person


def test_what_google_and_apple_write_in_3_0():
    person = one(
        "FN:Dana Cole",
        "N:Cole;Dana;;;",
        "NICKNAME:Dee,D. C.\\, the first",
        "item1.EMAIL;TYPE=INTERNET:DCole@home.example",
        "item1.X-ABLabel:Privat",
        "EMAIL;TYPE=INTERNET;TYPE=WORK;TYPE=pref:dana.cole@initech.example",
        "ORG:Initech\\; Sons;Engineering",
        "TITLE:Director of\\nEngineering",
        "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD",
        " /2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgK:FN",
        "NOTE:a note with FN:Nobody in it",
        " EMAIL:nobody@home.example",
        " END:VCARD",
    )
    assert person == Contact(
        name="Dana Cole",
        emails=("dana.cole@initech.example", "dcole@home.example"),
        nicknames=("Dee", "D. C., the first"),
        employer="Initech; Sons",
        title="Director of Engineering",
    )


def test_what_phones_write_in_2_1():
    person = one(
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;",
        "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:J=C3=B6rg =",
        "M=C3=BC=",
        "ller",
        "TEL;HOME;CELL:1",
        "EMAIL;INTERNET:alt@home.example",
        "EMAIL;PREF;INTERNET:joerg@firma.example",
        "PHOTO;ENCODING=BASE64;JPEG:",
        " /9j/4AAQSkZJRgABAQ==",
        "",
        "ORG;QUOTED-PRINTABLE:B=E4ckerei",
        version="2.1",
    )
    assert person.name == "Jörg Müller"
    assert person.emails == ("joerg@firma.example", "alt@home.example")
    assert person.employer == "Bäckerei"


def test_what_4_0_allows():
    person = one(
        "KIND:individual",
        'FN;ALTID=1;LANGUAGE="en;x":Dana Cole',
        "EMAIL;PREF=2:second@home.example",
        'EMAIL;TYPE="work,home";PREF=1:mailto:first@initech.example',
        "ROLE:Manager",
        version="4.0",
    )
    assert person.emails == ("first@initech.example", "second@home.example")
    assert (person.name, person.title) == ("Dana Cole", "Manager")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("SHIFT_JIS", "田中 花子"),
        ("ISO-2022-JP", "田中 花子"),
        ("GB2312", "王伟"),
        ("windows-1251", "Анна Петрова"),
        ("ISO-8859-1", "José Peña"),
    ],
)
def test_each_line_may_have_a_charset_of_its_own(label, name):
    line = f"FN;CHARSET={label}:".encode() + name.encode(label)
    assert one(line, "EMAIL:x@home.example", version="2.1").name == name


def test_without_a_label_utf_8_and_latin_are_told_apart():
    assert one("FN:José Peña").name == "José Peña"
    assert one("FN:José Peña".encode("latin-1")).name == "José Peña"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_whole_file_in_a_wide_charset(charset):
    (person,), _ = vcard.read(card("FN:José Peña").decode().encode(charset))
    assert person.name == "José Peña"


def test_folded_lines_are_one_line():
    assert one("FN:Dana", "  Cole").name == "Dana Cole"
    assert one("FN:Dana", " Cole", version="2.1").name == "Dana Cole"
    assert one("EMAIL:dana.cole@ini", " tech.example").emails == ("dana.cole@initech.example",)


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["N:Cole;Dana;Q.;Dr.;"], "Dana Cole"),
        (["N:田中;花子"], "田中花子"),
        (["N:Cole"], "Cole"),
        (["FN:Cole, Dana", "N:Cole;Dana"], "Dana Cole"),
        (["FN:dana@home.example", "N:Cole;Dana"], "Dana Cole"),
        (["FN:", "EMAIL:dana.cole@home.example"], "Dana Cole"),
        (["FN:dana@home.example", "EMAIL:dana@home.example"], "Dana"),
    ],
)
def test_the_name_is_found_wherever_the_card_has_it(lines, name):
    assert one(*lines).name == name


def test_one_broken_card_hides_no_other():
    raw = b"".join(
        (
            card("NOTE:nobody"),
            b"BEGIN:VCARD\r\nFN:Without End\r\nsome junk\r\n\r\n",
            card("FN:Dana Cole", "EMAIL:not an address"),
            card("FN:The Team", "X-ADDRESSBOOKSERVER-KIND:group"),
            card("FN:Acme", "KIND:org", version="4.0"),
            b"BEGIN:VCARD\r\nFN:Cut Off\r\nEMAIL:cut@home.ex",
        )
    )
    people, parked = vcard.read(raw)
    assert [person.name for person in people] == ["Without End", "Dana Cole", "Cut Off"]
    assert people[1].emails == ()
    assert [(p.source, p.reason) for p in parked] == [
        ("card 1", "it has neither a name nor an e-mail address"),
        ("card 4", "it is a group, no person"),
        ("card 5", "it is an organisation, no person"),
    ]


def test_a_card_inside_a_card_is_not_the_person():
    inner = card("FN:The Agent", "EMAIL:agent@home.example", version="2.1").splitlines()
    person = one("FN:Dana Cole", "AGENT:", *inner, "EMAIL:dana@home.example", version="2.1")
    assert (person.name, person.emails) == ("Dana Cole", ("dana@home.example",))


def test_old_line_ends():
    people, _ = vcard.read(card("FN:Dana Cole").replace(b"\r\n", b"\r"))
    assert [person.name for person in people] == ["Dana Cole"]


@pytest.mark.parametrize("raw", [b"", b"Name,E-mail\nDana,d@home.example\n", b"BEGIN:VCALENDAR\n"])
def test_what_is_no_vcard_says_what_to_do(raw):
    with pytest.raises(Refused, match=r"BEGIN:VCARD; choose .vCard"):
        vcard.read(raw)


def test_doubles_of_an_export_are_put_together_and_namesakes_are_not():
    dana = Contact(name="Dana Cole", emails=("d@home.example",), title="Director")
    again = Contact(name="dana cole", emails=("d@home.example", "dc@initech.example"))
    other = Contact(name="Dana Cole", emails=("dana@elsewhere.example",))
    both = merged((dana, again, other))
    assert [p.emails for p in both] == [
        ("d@home.example", "dc@initech.example"),
        ("dana@elsewhere.example",),
    ]
    assert both[0].title == "Director"


@given(st.lists(st.binary(max_size=60), max_size=12))
def test_whatever_stands_in_a_card_it_is_read_or_named(lines):
    people, parked = vcard.read(card("FN:Dana Cole", *lines))
    assert len(people) + len(parked) >= 1
    for person in people:
        assert all(value.isprintable() for value in (person.name, person.title, person.employer))


@pytest.mark.parametrize(
    ("lines", "phone"),
    [
        (("TEL;TYPE=CELL:+49 170 555 0100",), "+49 170 555 0100"),
        (("TEL;HOME:0170 5550100", "TEL;WORK;VOICE:030 5550100"), "030 5550100"),
        (("TEL;WORK;FAX:030 5550199", "TEL;CELL:0170 5550100"), "0170 5550100"),
        (("TEL;TYPE=work:030 5550100", "TEL;TYPE=cell,pref:0170 5550100"), "0170 5550100"),
        (('TEL;VALUE=uri;TYPE="voice,work":tel:+49-30-555-0100',), "+49-30-555-0100"),
        (("TEL:1",), ""),
        (("TEL:ask at the desk",), ""),
    ],
)
def test_the_number_to_call_is_kept_and_no_fax(lines: tuple[str, ...], phone: str):
    assert one("FN:Dana Cole", *lines).phone == phone
