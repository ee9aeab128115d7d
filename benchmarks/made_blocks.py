"""Blocks that articles hold and news pages seldom do: notices, lists, code, verse, all of them made up here.

The labelled pages are mostly news, whose text is sentences, so that a model
trained on them alone takes a list of parts, the telephone number under a notice
or ten lines of code for the site's. Every word below is ours; what is drawn is
put into the text of labelled pages and learnt as the article's.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_HAN = "一二三四五六七八九十"
_SURNAMES = "陈李王赵周吴郑孙钱冯褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "江湖河海春秋明华伟敏静丽强军洋勇艳杰娟涛超霞平刚桂英梅松柏竹"
_PLACES = ["清江", "白沙", "石桥", "梅岭", "临港", "湖滨", "南浦", "东城", "云台", "西坪", "柳河", "北渡"]
_UNITS = ["市水利局", "区教育局", "县卫生院", "大学图书馆", "市博物馆", "科技有限公司", "农业合作社", "市志愿者协会"]
_THINGS = [
    "水稻种植",
    "堤防巡查",
    "古籍修复",
    "软件测试",
    "儿童绘本",
    "龙舟比赛",
    "旧物回收",
    "社区食堂",
    "数据标注",
    "渔船检修",
]
_TOPICS = [
    "报名时间",
    "报名方式",
    "活动地点",
    "参加对象",
    "评选办法",
    "工作要求",
    "材料清单",
    "奖项设置",
    "注意事项",
    "联系方式",
]
_FOODS = ["鸡蛋", "豆腐", "青椒", "鲫鱼", "莲藕", "五花肉", "香菇", "土豆", "糯米", "红枣", "生姜", "花椒"]
_SENTENCES = [
    "请各单位高度重视，按时报送材料，逾期不再受理",
    "参加者须年满十八周岁，身体健康，自备雨具和饮用水",
    "评选分为初评和终评两个阶段，结果将在现场公布",
    "把面粉倒进盆里，分三次加水，揉到表面光滑为止",
    "大火烧开以后转小火，盖上锅盖再焖二十分钟",
    "打开配置文件，把端口改成没有被占用的数字，然后重新启动服务",
    "先备份数据，再执行下面的命令，否则无法恢复",
    "这个参数控制缓存的大小，默认值对大多数机器已经够用",
    "船到江心的时候风忽然停了，谁也没有说话",
    "有人问他后不后悔，他想了一会儿，摇摇头笑了",
]
_CODE = [
    "import os",
    "def flow(level, rate=0.5):",
    "    return level * rate",
    "for name in os.listdir(path):",
    "if (water > limit) {",
    "}",
    "SELECT id, name FROM gauges WHERE level > 3.2 ORDER BY id;",
    "curl -X POST http://127.0.0.1:8080/api/v1/level -d '{\"gauge\": 7}'",
    "sudo systemctl restart gauge.service",
    "git clone https://git.example.org/river/gauge.git",
    "pip install gauge-reader==2.1",
    "GET /login.php?id=1 HTTP/1.1",
    "Host: gauge.example.org",
    "<dependency>",
    "  <groupId>org.example</groupId>",
    "</dependency>",
    "public static void main(String[] args) {",
    "    System.out.println(level);",
    '{"gauge": 7, "level": 3.2, "unit": "m"}',
    "npm run build",
    "docker run -d -p 8080:80 river/gauge:latest",
    "https://git.example.org/river/gauge/releases",
    "export PATH=$PATH:/opt/gauge/bin",
    "SyntaxError: invalid syntax",
    "0x7fffe3a0",
    "#include <stdio.h>",
]
_VERSE = [
    ["江上春潮夜半来", "山前明月几时开", "渡头有客呼舟急", "不管梅花落满台"],
    ["风吹过河岸", "芦苇低下头", "它们不说话", "像在等一封信", "信里没有字", "只有水的声音"],
    ["春雨一犁", "秋霜满地", "百年老屋", "三代渔人"],
    ["他把桨收起来", "把夜也收起来", "灯在很远的地方", "一盏", "又一盏"],
]


def _name(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.randint(1, 2)))


def _phone(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return f"1{rng.randint(30, 99)}{rng.randint(0, 99999999):08d}"
    return f"0{rng.randint(21, 999)}-{rng.randint(2000000, 88888888)}"


def _colon(rng: random.Random) -> str:
    return rng.choice("：：：:")


def _address(rng: random.Random) -> str:
    word = rng.choice(["river", "office", "paper", "gauge", "boat"])
    return f"{word}{rng.randint(1, 99)}@{rng.choice(['example.cn', 'mail.example.org', 'qj.example.com'])}"


def contact(rng: random.Random) -> list[str]:
    """How to reach those who wrote a notice."""
    colon = _colon(rng)
    lines = [
        f"{rng.choice(['联系人', '联 系 人', '咨询老师', '负责人'])}{colon}{_name(rng)}",
        f"{rng.choice(['联系电话', '电话', '咨询电话', '手机', '传真'])}{colon}{_phone(rng)}",
        f"{rng.choice(['邮箱', '电子邮箱', 'E-mail', '投递邮箱'])}{colon}{_address(rng)}",
        f"{rng.choice(['地址', '通讯地址', '报到地点'])}{colon}{rng.choice(_PLACES)}路{rng.randint(1, 300)}号",
        f"{rng.choice(['网址', '官网', '报名链接'])}{colon}https://www.example.cn/{rng.randint(1, 999)}",
    ]
    rng.shuffle(lines)
    return lines[: rng.randint(1, 4)]


def notice(rng: random.Random) -> list[str]:
    """Numbered parts, a list of dates or conditions, whom to call, who signed and when."""
    styles: list[Callable[[int], str]] = [
        lambda n: f"{_HAN[n]}、",
        lambda n: f"（{_HAN[n]}）",
        lambda n: f"{n + 1}.",
        lambda n: f"{n + 1}、",
        lambda n: f"0{n + 1} ",
    ]
    number, inner = rng.sample(styles, 2)
    topics = rng.sample(_TOPICS, rng.randint(2, 5))
    lines = []
    for place, topic in enumerate(topics):
        lines.append(number(place) + topic + rng.choice(["", "", "：", ":"]))
        if "联系" in topic:
            lines += contact(rng)
        elif "时间" in topic:
            day = rng.randint(1, 20)
            lines.append(f"{rng.randint(1, 12)}月{day}日{rng.randint(8, 18)}:00——{day + 3}日24:00")
        elif rng.random() < 0.5:
            lines += [inner(n) + rng.choice(_THINGS) + rng.choice(["", "；", "。"]) for n in range(rng.randint(2, 4))]
        else:
            lines.append(rng.choice(_SENTENCES) + rng.choice("。。；"))
    if rng.random() < 0.4:
        lines += [f"附件{_colon(rng)}{n + 1}.{rng.choice(_THINGS)}申请表" for n in range(rng.randint(1, 3))]
    if rng.random() < 0.6:
        lines.append(rng.choice(_PLACES) + rng.choice(_UNITS))
        lines.append(f"20{rng.randint(14, 25)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日")
    return lines


def items(rng: random.Random) -> list[str]:
    """A list of short points, numbered, dotted or bare, with or without an end mark."""
    mark = rng.choice(["", "·", "• ", "- ", "▪ ", "①", "1"])
    end = rng.choice(["", "", "；", "。"])
    lines = []
    for n in range(rng.randint(3, 9)):
        text = rng.choice(_THINGS) if rng.random() < 0.6 else rng.choice(_SENTENCES).split("，")[0]
        head = f"{n + 1}{'.、'[len(end) % 2]}" if mark == "1" else "①②③④⑤⑥⑦⑧⑨"[n] if mark == "①" else mark
        lines.append(head + text + end)
    return lines


def recipe(rng: random.Random) -> list[str]:
    """What goes in, how much of it, and what to do."""
    bare = rng.random() < 0.5
    parts = [
        f"{food}{' ' if bare else '：'}{rng.randint(1, 500)}{rng.choice(['克', '个', '勺', 'g'])}"
        for food in rng.sample(_FOODS, rng.randint(3, 6))
    ]
    steps = [f"{n + 1}、{rng.choice(_SENTENCES)}。" for n in range(rng.randint(2, 4))]
    return [rng.choice(["材料：", "食材", "用料"]), *parts, rng.choice(["做法：", "步骤", "制作方法"]), *steps]


def facts(rng: random.Random) -> list[str]:
    """A table of properties as lines, on one line each or in pairs of lines."""
    rows = [
        ("品牌", rng.choice(_PLACES)),
        ("型号", f"QJ-{rng.randint(10, 900)}"),
        ("价格", f"{rng.randint(10, 9999)}元"),
        ("尺寸", f"{rng.randint(10, 90)}×{rng.randint(10, 90)}cm"),
        ("产地", rng.choice(_PLACES) + "市"),
        ("发布日期", f"20{rng.randint(10, 25)}-{rng.randint(1, 12)}-{rng.randint(1, 28)}"),
        ("危险等级", rng.choice(["高危", "中危", "暂无"])),
        ("影响版本", f"<= {rng.randint(1, 9)}.{rng.randint(0, 20)}"),
        ("参考链接", f"https://www.example.org/{rng.randint(1, 99999)}"),
    ]
    chosen = rng.sample(rows, rng.randint(3, 7))
    if rng.random() < 0.35:
        return [part for row in chosen for part in row]
    colon = _colon(rng)
    return [f"{name}{colon}{value}" for name, value in chosen]


def code(rng: random.Random) -> list[str]:
    """Lines of a program or a session, and what they are for."""
    start = rng.randrange(len(_CODE))
    lines = [_CODE[(start + n) % len(_CODE)] for n in range(rng.randint(1, 9))]
    rng.shuffle(lines)
    return [rng.choice(_SENTENCES) + rng.choice("：:。"), *lines]


def verse(rng: random.Random) -> list[str]:
    """Lines without end marks."""
    lines = list(rng.choice(_VERSE))
    return [line + rng.choice(["", "", "，"]) for line in lines] if rng.random() < 0.3 else lines


def talk(rng: random.Random) -> list[str]:
    """Questions and answers."""
    one, other = rng.choice([("问", "答"), ("记者", _name(rng)), ("Q", "A"), (_name(rng), _name(rng))])
    colon = _colon(rng)
    pairs = [(one, rng.choice(_THINGS) + "难不难？"), (other, rng.choice(_SENTENCES) + rng.choice(["。", ""]))]
    return [f"{who}{colon}{said}" for who, said in pairs * rng.randint(1, 3)]


def references(rng: random.Random) -> list[str]:
    """Books and papers an article stands on."""
    return [
        f"[{n + 1}] {_name(rng)}. {rng.choice(_PLACES)}{rng.choice(_THINGS)}研究[J]. "
        f"{rng.choice(_PLACES)}学报, 20{rng.randint(10, 24)}({rng.randint(1, 6)}): {rng.randint(1, 50)}-{rng.randint(51, 99)}."
        for n in range(rng.randint(2, 5))
    ]


def subheads(rng: random.Random) -> list[str]:
    """Sentences under short heads."""
    lines = []
    for n in range(rng.randint(2, 4)):
        head = rng.choice([f"{_HAN[n]}、", f"{n + 1}. ", f"第{_HAN[n]}，", f"0{n + 1}", ""]) + rng.choice(_THINGS)
        lines += [head, *(rng.choice(_SENTENCES) + "。" for _ in range(rng.randint(1, 3)))]
    return lines


KINDS = (notice, notice, items, items, recipe, facts, facts, code, code, verse, talk, references, subheads)


def block(rng: random.Random) -> list[str]:
    """One block of any kind, all lines of it the article's."""
    return rng.choice(KINDS)(rng)
