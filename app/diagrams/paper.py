"""How a drawing looks on paper and in mails, where no page brings a style: the light colours of the pages.

Plain selectors and colours only: whoever draws a picture of an SVG may know neither variables nor themes.
"""

# 11 to 12 pixels high and scaled with the drawing; the first font that is there, Chinese ones before the last resort.
FONTS = '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif'
PAPER = f"""
text{{font-family:{FONTS}}}
.dg-area,.dg-sign,.dg-line{{fill:none;stroke:#3b4454}}
.dg-area{{fill:#fff}}
.dg-frame,.dg-group{{fill:none;stroke:#c2cad8}}
.dg-note{{fill:#fff;stroke:#c2cad8}}
.dg-text{{fill:#18202c}}
.dg-outer,.dg-note-text{{fill:#566075}}
.dg-solid,.dg-tip{{fill:#3b4454;stroke:#3b4454}}
.dg-badge{{fill:#18202c}}
.dg-badge-text{{fill:#fff}}
.is-done .dg-area{{fill:#e5f6ec;stroke:#15703f}}
.is-active .dg-area{{fill:#e6eeff;stroke:#1d4fd7;stroke-width:3}}
.is-incident .dg-area{{fill:#fdecea;stroke:#b3261e;stroke-width:3}}
.is-cancelled .dg-area{{fill:#edeff3;stroke:#586274;stroke-dasharray:6 4}}
.dg .dg-open{{fill:#fff}}
.is-taken .dg-line{{stroke:#15703f;stroke-width:2.5}}
.is-taken .dg-tip{{fill:#15703f;stroke:#15703f}}
"""
