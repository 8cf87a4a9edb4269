"""How a chart looks on paper and in mails, where no page brings a style. Plain selectors and colours only."""

from app.svg import FONTS

PAPER = f"""
text{{font-family:{FONTS}}}
.ch-text{{fill:#3f495c}}
.ch-strong,.ch-head-text{{fill:#18202c;font-weight:bold}}
.ch-on-bar{{fill:#fff}}
.ch-flag{{fill:#b3261e;font-weight:bold}}
.ch-grid{{stroke:#e2e6ee}}
.ch-mean{{stroke:#566075}}
.ch-limit{{fill:none;stroke:#b3261e;stroke-dasharray:5 3}}
.ch-target{{stroke:#15703f;stroke-width:1.5;stroke-dasharray:7 4}}
.ch-line{{fill:none;stroke:#1d4fd7;stroke-width:2}}
.ch-point{{fill:#1d4fd7}}
.ch-bad{{fill:#b3261e;stroke:#fff;stroke-width:1.5}}
.ch-bar{{fill:#1d4fd7}}
.ch-track{{fill:#edeff3}}
.ch-sum{{fill:none;stroke:#a85a00;stroke-width:2}}
.ch-sum-point{{fill:#fff;stroke:#a85a00;stroke-width:1.5}}
.ch-spine{{stroke:#3b4454;stroke-width:3}}
.ch-bone{{stroke:#3b4454;stroke-width:2}}
.ch-twig{{stroke:#c2cad8}}
.ch-head{{fill:#e6eeff;stroke:#1d4fd7}}
"""
