"""What a folder or label is for, told by its name in the languages mail programs speak."""

from __future__ import annotations

import binascii
import re
from enum import StrEnum


class Role(StrEnum):
    """What a folder is for."""

    ORDINARY = "ordinary"
    SENT = "sent"
    DRAFTS = "drafts"
    TRASH = "trash"
    SPAM = "spam"
    UNSENT = "unsent"  #: waits to be sent, or is a template


_NAMES = {
    Role.SENT: """sent; sent items; sent mail; sent messages; sent-mail; sentmail; gesendet;
        gesendete elemente; gesendete objekte; gesendete nachrichten; envoyés; éléments envoyés;
        messages envoyés; courrier envoyé; envoyes; objets envoyés; enviados; elementos enviados;
        mensajes enviados; correo enviado; enviadas; itens enviados; e-mails enviados;
        correio enviado; mensagens enviadas; inviati; inviata; posta inviata; messaggi inviati;
        elementi inviati; verzonden; verzonden items; verzonden berichten; verzonden e-mail;
        送信済み; 送信済みアイテム; 送信済みメール; 送信済みトレイ; skickat; skickade;
        skickade objekt; sendt; sendt post; sendte elementer; lähetetyt; wysłane;
        elementy wysłane; odeslané; odeslaná pošta; отправленные; 已发送; 寄件備份; 보낸편지함""",
    Role.DRAFTS: """drafts; draft; entwürfe; entwurf; brouillons; borradores; borrador;
        rascunhos; rascunho; bozze; concepten; 下書き; utkast; kladder; luonnokset; szkice;
        wersje robocze; koncepty; rozepsané; черновики; 草稿; 草稿箱; 임시보관함""",
    Role.UNSENT: """outbox; templates; unsent messages; postausgang; vorlagen; boîte d'envoi;
        modèles; bandeja de salida; plantillas; caixa de saída; modelos; posta in uscita;
        modelli; postvak uit; sjablonen; 送信トレイ; テンプレート""",
    Role.TRASH: """trash; bin; deleted; deleted items; deleted messages; papierkorb;
        gelöscht; gelöschte elemente; gelöschte objekte; corbeille; éléments supprimés;
        messages supprimés; papelera; papelera de reciclaje; elementos eliminados; lixeira;
        lixo; itens excluídos; itens eliminados; cestino; posta eliminata; prullenbak;
        verwijderde items; ゴミ箱; 削除済みアイテム; papperskorg; papperskorgen; papirkurv;
        slettede elementer; roskakori; kosz; elementy usunięte; koš; корзина; 已删除;
        垃圾桶; 휴지통""",
    Role.SPAM: """spam; junk; junk email; junk e-mail; junk mail; bulk mail; werbung;
        unerwünscht; spamverdacht; indésirables; courrier indésirable; pourriel; no deseado;
        correo no deseado; correo basura; lixo eletrônico; correio electrónico não solicitado;
        posta indesiderata; ongewenste e-mail; ongewenst; 迷惑メール; skräppost; søppelpost;
        roskaposti; 垃圾邮件; 스팸함""",
}
_ROLES = {
    " ".join(name.split()): role for role, names in _NAMES.items() for name in names.split(";")
}

#: What is never read: it was thrown away, or never sent.
UNREAD = frozenset((Role.DRAFTS, Role.UNSENT, Role.TRASH))

_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


def role_of(name: str) -> Role:
    """Return what a folder is for; `name` has its levels parted by `/` (`Archive/Sent`).

    The outermost level that tells decides: what lies under the trash is trash.
    """
    for level in name.split("/"):
        role = _ROLES.get(" ".join(level.casefold().split()))
        if role is not None:
            return role
    return Role.ORDINARY


def role_of_labels(labels: tuple[str, ...]) -> Role:
    """Return what Gmail's labels say a message is; trash and drafts weigh more than sent."""
    roles = {_ROLES.get(" ".join(label.casefold().split())) for label in labels}
    for role in (Role.TRASH, Role.DRAFTS, Role.UNSENT, Role.SENT, Role.SPAM):
        if role in roles:
            return role
    return Role.ORDINARY


def plain_name(name: str) -> str:
    """Decode a mailbox name as IMAP servers store it (modified UTF-7, RFC 3501 section 5.1.3)."""
    return _SHIFTED.sub(_unshift, name) if "&" in name else name


def _unshift(shifted: re.Match[str]) -> str:
    if not shifted[1]:
        return "&"
    letters = shifted[1].replace(",", "/")
    try:
        data = binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
        return data.decode("utf-16-be")
    except (binascii.Error, UnicodeError):
        return shifted[0]
