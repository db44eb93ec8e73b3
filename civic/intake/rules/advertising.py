"""Whether a text looks like advertising. Pure.

A resident may complain about advertising, or send links to show something; so only what sells and says in the
same breath where to buy, or is mostly links, is taken for it. And it is only held, never refused.
"""

from __future__ import annotations

import re

from civic.core.text import normalise

SAYS_SOMETHING = 10
"""Characters beside its links from which on a text says something itself."""
NEAR = 40
"""Characters between what is sold and where: a victim who tells the whole story needs more."""
SELLS = (
    "代开发票", "开发票联系", "办证刻章", "代办证件", "无抵押", "秒到账", "低息贷款", "信用贷", "网贷", "套现",
    "刷单", "兼职日结", "日入", "日赚", "月入过万", "躺赚", "稳赚", "高额返利", "棋牌", "博彩", "彩票计划",
    "真人荷官", "体育投注", "上分", "包赢", "特价出售", "厂家直销", "一手货源", "免费领取", "加群领取", "优惠券",
    "代刷", "涨粉", "刷赞", "外挂", "私家侦探", "上门服务", "同城约", "看片", "迷药", "代孕", "枪支",
)  # fmt: skip
"""What sells, in normal form."""
SOLD = re.compile("|".join(SELLS))
WHERE_TO_BUY = re.compile(
    r"(?:加|\+|➕|咨询|联系|添加)\s*(?:我|客服|老师)?\s*(?:的)?\s*(?:微信|薇信|威信|卫星|v信|vx|wx|qq|扣扣|电报|tg|飞机)"
    r"|(?:微信|薇信|威信|vx|wx|qq|扣扣|电报|tg)\s*(?:号|群)?\s*[:：]?\s*[a-z0-9][a-z0-9_-]{4,}"
    r"|https?://|www\.[a-z0-9-]+\."
)
LINK = re.compile(r"(?:https?://|www\.)[a-z0-9._~:/?#@!$&'()*+=%-]+")
OFFICIAL = re.compile(r"^(?:https?://)?(?:[a-z0-9-]+\.)*gov\.cn(?:[/:?#]|$)")


def is_advertising(text: str) -> bool:
    """Whether it sells something and says at once where, or is mostly links."""
    plain = normalise(text)
    links = [link for link in LINK.findall(plain) if not OFFICIAL.match(link)]
    if links and len(LINK.sub("", plain)) < SAYS_SOMETHING:
        return True
    sold = [found.start() for found in SOLD.finditer(plain)]
    bought = [found.start() for found in WHERE_TO_BUY.finditer(plain)]
    return any(abs(one - other) <= NEAR for one in sold for other in bought)
