import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(text: str) -> SafeString:
    """A QR code as inline SVG: the policy allows neither styles nor data addresses (security design, 3.7)."""
    drawn = segno.make(text, error="m", micro=False)
    svg = drawn.svg_inline(border=4, light="#fff", dark="#000", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(svg)  # noqa: S308  # drawn by the library; the text itself does not stand in it
