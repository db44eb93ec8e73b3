"""Phrases of courtesy and of letter form in official replies: what may be left out without losing anything. Pure data.

Written from how official letters are composed (greeting, acknowledgement, announcement of the reply,
thanks, closing), not taken from any letter.
"""

from __future__ import annotations

import re

_PHRASES = (
    # Greeting
    r"尊敬的[^，。：:\n]{0,12}[：:，]?",
    r"(?:网友|市民|居民|群众)[^，。：:！\n]{0,20}[：:]",
    r"(?:您|你)好[！!，。,]?",
    # Acknowledgement of what came in
    r"(?:您|你)(?:的|所)?(?:反映|提出|咨询|来信|留言|投诉|建议)[^，。\n]{0,40}?(?:收悉|收到|知悉|已阅)[^，。\n]{0,4}[，。,]?",
    r"(?:来信|留言|诉求|您的来信|你的来信)(?:已)?(?:收悉|收到|知悉)[，。,]?",
    r"(?:已)?收悉[，。,]?",
    # Announcement of the reply
    r"(?:现|经研究[，,]?|经核实[，,]?|经调查[，,]?)?(?:就|将)?[^，。：:\n]{0,30}?(?:答复|回复|反馈|说明|汇报)如下[：:，。,]?",
    # Attention and intention that name nothing
    r"我(?:们|局|区|街道|委|办|单位|镇|市)?(?:对此|一直)?(?:高度|十分|非常)重视[^，。；\n]{0,12}[，。；,]?",
    r"(?:高度|十分|非常)重视[^，。；\n]{0,12}[，。；,]?",
    r"(?:将|会|我们将|我局将|今后(?:将)?|下一步(?:将)?)?(?:认真|积极|进一步|不断|切实|全力|努力|继续)[^，。；\n]{0,6}"
    r"(?:研究|考虑|采纳|参考|改进|加强|落实|做好|推进|推动|完善|提升|提高|听取|对待)[^，。；\n]{0,24}[，。；,]?",
    r"为(?:广大)?(?:居民|市民|群众|百姓)[^，。；\n]{0,20}(?:环境|服务|生活)[，。；,]?",
    # Thanks, apology and closing
    r"(?:再次|衷心|最后[，,]?|首先[，,]?)*(?:感谢|谢谢)(?:您|你)?[^，。！!；\n]{0,40}[，。！!；,]?",
    r"(?:敬请|恳请|望|请|希望)(?:您|你)?(?:予以)?(?:谅解|理解|支持|周知|知悉|监督|放心|耐心等待)[^，。！!\n]{0,12}[，。！!,]?",
    r"(?:给|对)(?:您|你)[^，。\n]{0,16}(?:不便|困扰|抱歉|歉意)[^，。！!\n]{0,16}[，。！!,]?",
    r"(?:欢迎|请)(?:您|你)?(?:继续|随时|一如既往)?[^，。！!\n]{0,6}(?:关注|监督|支持|提出宝贵意见)[^，。！!\n]{0,16}[，。！!,]?",
    r"(?:祝|祝愿)(?:您|你)?[^，。！!\n]{0,16}[，。！!,]?",
    r"(?:特此|专此)(?:回复|答复|说明|函复)[，。！!,]?",
    r"此致[，。,]?|敬礼[！!。]?",
)
_COURTESY = re.compile("|".join(_PHRASES))


def without_courtesy(text: str) -> str:
    """The text without greeting, acknowledgement, thanks and good intentions that name nothing."""
    return _COURTESY.sub("", text)
