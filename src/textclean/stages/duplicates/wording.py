"""Does the later of two similar paragraphs say anything the earlier does not?

Similarity cannot answer this: two notices that differ in one name share 0.9 of
their 5-grams, a copy with other commas 0.7. So the differences themselves are
read. All functions take keys (see :mod:`~textclean.stages.duplicates.fold`).
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

# Between digits a point, a comma and a colon are part of the figure: 3.5 is not 35. Said behind the class and not in
# alternatives beside it, because then the engine passes over what is in no class at a third of the cost.
_IN_A_FIGURE = r"(?<!\d[.,:](?=\d))"
_PUNCTUATION = re.compile(rf"[、。;!?…—―()\[\]<>【】《》〈〉〔〕\"·|.,:]{_IN_A_FIGURE}")
_INSIDE = re.compile(r"[―\[\]<>《》〈〉〔〕\"·|]")  # what of it is left between the ends of clauses
_CLAUSE_END = re.compile(rf"[、。;!?…—()【】.,:]{_IN_A_FIGURE}")

_SENTENCE_END = re.compile(r"[。!?;…]")
_LIST_ITEM = re.compile(
    r"[(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3}|[a-zA-Z])[.、):]|第[\d一二三四五六七八九十百]{1,4}[条项款章节步]"
    r"|[①-⑳⑴-⒛•·●○■□◆◇★☆※▲△▪\-*#>]|[^,。;!?:\"]{1,8}:"
)
_NUMBERED = re.compile(
    r"[(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[.、)]|第[\d一二三四五六七八九十百]{1,4}[条项款章节步题部编]"
)
_DATELINE_TAG = re.compile(
    r"(?:[(\[【][^()\[\]【】]{0,20}(?:记者|通讯员|编辑|作者|来源|新闻|报|社|网|台|讯|电|客户端|频道)[^()\[\]【】]{0,20}[)\]】])+"
)
_DATELINE = re.compile(
    r"[^。;!?]{0,12}(?:报|社|网|台|新闻|频道|记者|客户端)[^。;!?]{0,24}?(?:讯|电|消息|报道)(?:[(][^()]{1,24}[)])?[:,]?"
)
_SIGNATURE = re.compile(r"[(][^()\d]{0,20}(?:记者|通讯员|编辑|作者|来源|摄|供图|供稿|完|责编)[^()\d]{0,20}[)]$")

_FILLERS = frozenset("的了着地得也还都就便则而且之所呢啊呀吧嘛")
_ALIKE = [
    frozenset(group.split())
    for group in (
        "的 地 得 之", "和 与 及 以及 同 跟", "但 但是 可是 然而 不过", "因 因为 由于", "如 如果 若 倘若", "已 已经",
        "作 做", "账 帐", "像 象", "其他 其它", "部分 部份", "报道 报导", "登录 登陆", "身份 身分", "将 把", "正 正在",
        "为 为了", "并 并且 而且", "虽 虽然", "或 或者", "时 时候", "里 里面", "内 之内",
    )
]  # fmt: skip

CLAUSE = 6
"""Characters of a clause that tells a paragraph from others: shorter ones are in too many of them."""

_TRIES = 8  # places of a block that are looked at

# A numeral or a negation that comes or goes is never harmless, whatever stands around it.
_DECISIVE = re.compile(r"[\d一二两三四五六七八九十百千万亿零〇半不没未无非否勿莫别]")


def words(key: str) -> str:
    """*key* without punctuation.

    >>> words("据介绍,亩产712.5公斤。抗倒伏;")
    '据介绍亩产712.5公斤抗倒伏'
    """
    return _PUNCTUATION.sub("", key)


def parts(key: str) -> list[str]:
    """The words of each clause, empty ones too: two passes over the whole instead of one for each clause."""
    return _INSIDE.sub("", _CLAUSE_END.sub("\n", key)).split("\n")


def ends_sentence(key: str) -> bool:
    """Whether a sentence ends in *key*: prose, not a heading, a caption or a verse."""
    return _SENTENCE_END.search(key) is not None or key.endswith((".", '."'))


def is_list_item(key: str) -> bool:
    """Whether *key* opens with a number, a bullet or a speaker's name; an agency's lead-in is none.

    >>> is_list_item("3.面团盖上保鲜膜"), is_list_item("问:您满意吗?"), is_list_item("央视网消息:新馆开放")
    (True, True, False)
    """
    return _LIST_ITEM.match(without_dateline(key)) is not None


def is_numbered(key: str) -> bool:
    """Whether *key* opens a section, a clause or a question by its number.

    >>> is_numbered("第五条 违约责任"), is_numbered("二、填空题"), is_numbered("来源:本站")
    (True, True, False)
    """
    return _NUMBERED.match(key) is not None


def is_table_row(key: str) -> bool:
    """Whether *key* is a line of a table, where columns come again."""
    return key.count("|") >= 2 or key.count("\t") >= 2


def without_dateline(key: str) -> str:
    """*key* without the agency's lead-in and the signature at its end.

    >>> without_dateline("(央视新闻)新馆开放"), without_dateline("新华社北京11月24日电(记者某某)新馆开放")
    ('新馆开放', '新馆开放')
    """
    for begins in (_DATELINE_TAG, _DATELINE, _DATELINE_TAG):
        if match := begins.match(key):
            key = key[match.end() :]
    return _SIGNATURE.sub("", key)


def leaves_clauses_out(earlier: str, later: str) -> bool:
    """Whether *later* is *earlier* with whole clauses left out, and nothing else.

    >>> leaves_clauses_out("管网分段更换,居民用水由应急车保障,明年完工。", "管网分段更换,明年完工。")
    True
    """
    before = iter(parts(earlier))
    return all(part in before for part in parts(later) if part)


def differs_in_wording(earlier: str, later: str) -> bool:
    """Whether every difference between two similar keys is one of wording.

    >>> differs_in_wording("据介绍,品种抗倒伏的能力强。", "据介绍,品种抗倒伏能力强。")
    True
    >>> differs_in_wording("董事张建国先生辞职。", "董事李建国先生辞职。")
    False
    """
    # Comparing character by character is quadratic, so what is equal at both ends is cut off first; two paragraphs
    # that still differ over hundreds of characters are not the same text.
    one, other = words(earlier), words(later)
    head = _common(one, other)
    one, other = one[head:], other[head:]
    tail = _common(one[::-1], other[::-1])
    one, other = one[: len(one) - tail], other[: len(other) - tail]
    if max(len(one), len(other)) > 400:
        return False
    for kind, low, high, other_low, other_high in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = one[low:high], other[other_low:other_high]
        if _DECISIVE.search(gone + come):
            return False
        if not gone or not come:
            if gone + come not in _FILLERS:
                return False
        elif not any(gone in group and come in group for group in _ALIKE):
            return False
    return True


def stands_twice(text: str, least: int) -> bool:
    """Whether *least* characters of *text* or more stand in it twice; where that takes long to know, yes.

    >>> stands_twice("甲乙丙丁戊,甲乙丙丁己", 4), stands_twice("甲乙丙丁戊,甲乙丙丁己", 5)
    (True, False)
    """
    # Whatever is as long as two blocks has one of the blocks at a fixed distance inside, which is looked for as it is.
    step = (least + 1) // 2
    for at in range(0, len(text) - step + 1, step):
        block = text[at : at + step]
        other = text.find(block)
        for _ in range(_TRIES):
            if other < 0:
                break
            if other != at:
                after = _common(text[at : at + least], text[other : other + least])
                before = _common(text[max(at - least, 0) : at][::-1], text[max(other - least, 0) : other][::-1])
                if before + after >= least:
                    return True
            other = text.find(block, other + 1)
        else:
            return True
    return False


def _common(one: str, other: str) -> int:
    """How many characters the two begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low
