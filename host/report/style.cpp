// SPDX-License-Identifier: Apache-2.0
#include "report/style.h"

namespace mote::report {

// Colours of lines are told apart by people with the common colour vision deficiencies (Okabe and Ito, 2008),
// and every line has its own dashes too.
Html style_sheet() {
  return Html::literal(R"(<style>
:root{--page:#fff;--card:#f6f7f9;--ink:#1b1f24;--soft:#5a6472;--rule:#d9dee5;--accent:#0b5fa5;--good:#0a6b3d;
--good-back:#e2f4ea;--bad:#a3161a;--bad-back:#fde8e8;--warn:#7a4b00;--warn-back:#fdf1d6;--quiet-back:#e9edf2;
--l0:#0072b2;--l1:#d55e00;--l2:#009e73;--l3:#b0578f;--l4:#8a6d00;--l5:#4a4e57}
@media (prefers-color-scheme:dark){:root{--page:#14171b;--card:#1d2127;--ink:#e8ebef;--soft:#a3adba;--rule:#353c46;
--accent:#7cc0ff;--good:#7fe0ab;--good-back:#123a27;--bad:#ffa3a3;--bad-back:#4a1a1c;--warn:#ffd27a;--warn-back:#43300b;
--quiet-back:#2a3038;--l0:#56b4e9;--l1:#f08a3c;--l2:#2fc799;--l3:#e39ac9;--l4:#e6c84f;--l5:#aab2bf}}
*{box-sizing:border-box}
html{scroll-behavior:smooth}
body{margin:0 auto;max-width:1080px;padding:24px 20px 48px;background:var(--page);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
h1{font-size:2.2rem;line-height:1.15;margin:0 0 12px;overflow-wrap:anywhere}
h2{font-size:1.35rem;margin:0 0 12px}
h3{font-size:1.02rem;margin:20px 0 8px}
p{margin:0 0 10px;max-width:76ch}
.brand{color:var(--accent);font-weight:600;letter-spacing:.04em;margin:0 0 4px}
.identity{display:flex;flex-wrap:wrap;gap:8px 28px;margin:0 0 16px}
.identity dt,.tile dt{color:var(--soft);font-size:.82rem}
.identity dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;padding:10px 0;border-top:1px solid var(--rule);
border-bottom:1px solid var(--rule);margin-bottom:24px;font-size:.92rem}
a{color:var(--accent)}
nav a{text-decoration:none}
nav a:hover,nav a:focus{text-decoration:underline}
section{margin:0 0 40px}
.banner{border-radius:10px;padding:16px 18px;margin:0 0 14px;border-left:6px solid}
.banner strong{display:block;font-size:1.12rem;margin-bottom:2px}
.banner p:last-child{margin:0}
.banner.good{background:var(--good-back);border-color:var(--good);color:var(--good)}
.banner.bad{background:var(--bad-back);border-color:var(--bad);color:var(--bad)}
.banner.warn{background:var(--warn-back);border-color:var(--warn);color:var(--warn)}
.banner p{color:var(--ink)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(165px,1fr));gap:12px;margin:14px 0 0}
.tile{background:var(--card);border-radius:10px;padding:12px 14px;margin:0}
.tile dd{margin:0;font-size:1.45rem;font-weight:600;font-variant-numeric:tabular-nums}
.tile .small{font-size:.82rem;font-weight:400;color:var(--soft)}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px}
figure{margin:0;background:var(--card);border-radius:10px;padding:12px;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
.heat-map img{display:block;width:100%;height:160px;image-rendering:pixelated;border-radius:6px}
.pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,320px),1fr));gap:16px;margin:0 0 14px}
figcaption{font-size:.9rem;color:var(--soft);margin-top:4px}
.narrow{max-width:640px}
.bar{margin-bottom:12px}
.bar figcaption{margin:0 0 6px;color:var(--ink)}
svg text{font-size:11.5px;fill:var(--soft)}
line.grid{stroke:var(--rule);stroke-width:1}
line.axis{stroke:var(--soft);stroke-width:1}
line.marker{stroke:var(--ink);stroke-width:1.2;stroke-dasharray:4 3}
.line{fill:none;stroke-width:1.9;stroke-linejoin:round;stroke-linecap:round}
.line-0{stroke:var(--l0)}.line-1{stroke:var(--l1);stroke-dasharray:7 3}.line-2{stroke:var(--l2);stroke-dasharray:2 3}
.line-3{stroke:var(--l3);stroke-dasharray:9 3 2 3}.line-4{stroke:var(--l4);stroke-dasharray:5 5}
.line-5{stroke:var(--l5);stroke-dasharray:1 4}
.fill-0{fill:var(--l0);background:var(--l0)}.fill-1{fill:var(--l1);background:var(--l1)}
.fill-2{fill:var(--l2);background:var(--l2)}.fill-3{fill:var(--l3);background:var(--l3)}
.fill-4{fill:var(--l4);background:var(--l4)}.fill-5{fill:var(--l5);background:var(--l5)}
rect.empty{fill:var(--rule)}
.interval{fill:var(--l0);opacity:.45}
.estimate{fill:var(--l0)}
.interval-box{min-width:150px;max-width:220px}
.interval-box svg{display:block;width:100%;height:auto}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;list-style:none;margin:6px 0 0;padding:0;font-size:.86rem}
.legend li{display:flex;align-items:center;gap:6px}
.legend svg{width:26px;height:10px;flex:none}
.swatch{display:inline-block;width:12px;height:12px;border-radius:3px;flex:none}
.scroll{overflow-x:auto;margin:0 0 14px}
table{border-collapse:collapse;width:100%;font-size:.93rem}
caption{text-align:left;color:var(--soft);font-size:.9rem;padding-bottom:4px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.84rem}
th,td{padding:7px 12px 7px 0;border-bottom:1px solid var(--rule);vertical-align:top}
th.number,td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.confusion{width:auto}
.confusion td,.confusion th{border:0;padding:3px}
.confusion th{padding:3px 8px;vertical-align:middle}
.confusion .box{display:block;min-width:64px;padding:12px 8px;border-radius:6px;text-align:center;background:var(--card);
font-variant-numeric:tabular-nums}
.confusion .right{color:#fff}
.confusion .wrong{color:var(--ink)}
.pill{display:inline-block;border-radius:99px;padding:1px 10px;font-size:.82rem;font-weight:600;white-space:nowrap}
.pill.good{background:var(--good-back);color:var(--good)}.pill.bad{background:var(--bad-back);color:var(--bad)}
.pill.warn{background:var(--warn-back);color:var(--warn)}.pill.quiet{background:var(--quiet-back);color:var(--soft)}
.note{background:var(--warn-back);color:var(--warn);border-radius:8px;padding:10px 14px;max-width:none}
.soft{color:var(--soft);font-size:.88rem}
code{font:.86em ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
footer{border-top:1px solid var(--rule);padding-top:12px;color:var(--soft);font-size:.86rem}
@media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--rule:#bbb}
body{max-width:none;padding:0;font-size:11pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}
nav{display:none}section{break-inside:auto}h2,h3{break-after:avoid}tr,.tile,.banner{break-inside:avoid}
figure{border:1px solid var(--rule)}.scroll{overflow:visible}}
</style>)");
}

}  // namespace mote::report
