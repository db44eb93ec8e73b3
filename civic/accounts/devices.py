"""What a browser says of itself, in two words that a person recognises; nothing else of it is kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from civic.core.errors import N_

# The first that is found: most browsers also name the ones that they want to be taken for.
_BROWSERS = (
    ("micromessenger", "wechat"),
    ("dingtalk", "dingtalk"),
    ("qqbrowser", "qq"),
    ("edg", "edge"),
    ("opr/", "opera"),
    ("firefox", "firefox"),
    ("fxios", "firefox"),
    ("chrome", "chrome"),
    ("crios", "chrome"),
    ("safari", "safari"),
)
_SYSTEMS = (
    ("harmony", "harmony"),
    ("android", "android"),
    ("iphone", "iphone"),
    ("ipad", "ipad"),
    ("windows", "windows"),
    ("macintosh", "mac"),
    ("linux", "linux"),
)
OTHER = "other"

BROWSER_NAMES = {
    "wechat": N_("WeChat"),
    "dingtalk": N_("DingTalk"),
    "qq": N_("QQ Browser"),
    "edge": "Edge",
    "opera": "Opera",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    OTHER: N_("another browser"),
}
SYSTEM_NAMES = {
    "harmony": N_("HarmonyOS"),
    "android": N_("Android phone or tablet"),
    "iphone": "iPhone",
    "ipad": "iPad",
    "windows": N_("Windows computer"),
    "mac": N_("Mac computer"),
    "linux": N_("Linux computer"),
    OTHER: N_("another device"),
}


@dataclass(frozen=True, slots=True)
class Device:
    """Codes of a browser and of what it runs on."""

    browser: str = OTHER
    system: str = OTHER


def device_of(user_agent: str) -> Device:
    """What a browser's own description amounts to."""
    text = user_agent.lower()
    return Device(
        browser=next((code for sign, code in _BROWSERS if sign in text), OTHER),
        system=next((code for sign, code in _SYSTEMS if sign in text), OTHER),
    )
