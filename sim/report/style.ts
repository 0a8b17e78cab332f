/**
 * The look of a report, a sister of the replay page: the same names for the same colours. Colour means fate and never
 * stands alone: every mark that is red or amber also has a sign or a word. Text has a contrast of 4.5 or more in both
 * themes, marks of 3.
 */

const LIGHT = `--bg:#f4f5f7;--panel:#fff;--raise:#f8f9fb;--ink:#12161d;--ink2:#465060;--ink3:#5f6978;--line:#e3e6eb;--line2:#c5ccd6;
--data:#0b5cad;--ack:#00755a;--held:#8f6c00;--heldbg:#faf1d8;--late:#66297f;--broken:#b4003a;--brokenbg:#fdeaf0;--brokenline:#f3b6c8;
--good:#00705a;--goodbg:#e3f4ef;--grid:#eceff3;color-scheme:light;`;

const DARK = `--bg:#0c0f14;--panel:#141921;--raise:#191f28;--ink:#e9edf3;--ink2:#aeb8c6;--ink3:#8f9aaa;--line:#242b36;--line2:#3a4452;
--data:#6db5ff;--ack:#63e3bd;--held:#e2b23f;--heldbg:#33290f;--late:#dcb4f2;--broken:#ff6a90;--brokenbg:#351622;--brokenline:#6e2a40;
--good:#4fd1ab;--goodbg:#12312a;--grid:#1e2530;color-scheme:dark;`;

export const STYLE = `
:root{${LIGHT}--sans:Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;--mono:"JetBrains Mono",ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK}}}
:root[data-theme=dark]{${DARK}}
*{box-sizing:border-box}wbr{display:none}wbr.on{display:inline}.m span{white-space:nowrap}
html{scroll-padding-top:60px;-webkit-text-size-adjust:100%}
body{margin:0;font:13px/1.45 var(--sans);color:var(--ink);background:var(--bg);font-variant-numeric:tabular-nums}
:focus-visible{outline:2px solid var(--data);outline-offset:2px;border-radius:4px}
a{color:var(--data);text-decoration:none}a:hover{text-decoration:underline}
code,.m{font-family:var(--mono);font-size:.92em}
button{font:inherit;color:inherit;border:1px solid var(--line2);background:var(--panel);border-radius:6px;padding:3px 10px;min-height:28px;cursor:pointer;white-space:nowrap}
button:hover{background:var(--raise);border-color:var(--ink3)}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--panel);padding:6px 10px;z-index:9}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}

.top{display:flex;align-items:center;gap:14px;padding:8px 20px;min-height:46px;background:var(--panel);border-bottom:1px solid var(--line)}
.brand{font-weight:650;display:flex;gap:8px;align-items:center;letter-spacing:-.01em;white-space:nowrap}
.brand svg{display:block;color:var(--data)}
.meta{overflow-wrap:anywhere;display:flex;gap:4px 16px;flex-wrap:wrap;color:var(--ink2);flex:1;min-width:0}.meta b{font-weight:500;color:var(--ink)}
nav{position:sticky;top:0;z-index:5;background:var(--panel);border-bottom:1px solid var(--line);padding:0 14px;display:flex;overflow-x:auto;scrollbar-width:none}
nav a{padding:9px 10px;color:var(--ink2);font-weight:500;white-space:nowrap}nav a:hover{color:var(--ink)}
nav i{font-style:normal;color:var(--broken);font-weight:650;margin-left:4px}

.verdict{background:var(--panel);border-bottom:1px solid var(--line);border-left:6px solid var(--good);padding:16px 20px 14px 18px}
.verdict.broken,.verdict.ended,.verdict.budget,.verdict.missed{border-left-color:var(--broken)}.verdict.partial{border-left-color:var(--ink3)}.verdict.open{border-left-color:var(--late)}
.verdict h1{margin:0;font-size:21px;font-weight:600;letter-spacing:-.015em;line-height:1.3;display:flex;gap:6px 12px;align-items:center;flex-wrap:wrap}
.badge{font-size:14px;font-weight:650;border-radius:5px;padding:2px 9px;background:var(--good);color:var(--panel);white-space:nowrap;letter-spacing:0}
.broken .badge,.ended .badge,.budget .badge,.missed .badge{background:var(--broken)}.partial .badge{background:var(--ink3)}.open .badge{background:var(--late)}
.verdict p{margin:4px 0 0;color:var(--ink2);max-width:110ch}
.chips{list-style:none;margin:10px 0 0;padding:0;display:flex;gap:6px;flex-wrap:wrap}.chips a{display:inline-block;border:1px solid var(--line2);border-radius:12px;padding:1px 10px;font-size:12.5px;background:var(--raise)}.chips a.bad{background:var(--brokenbg);border-color:var(--brokenline)}.chips a.ok{background:var(--goodbg);border-color:transparent}
.verdict .plain{border:0;margin-top:4px}.verdict .plain>summary{padding:2px 0}.verdict .plain p{margin:0 0 0 14px}
.find{list-style:none;margin:12px 0 0;padding:0;display:grid;gap:10px}
.find li{background:var(--brokenbg);border:1px solid var(--brokenline);border-radius:8px;padding:9px 12px}
.find .what{display:flex;gap:2px 10px;flex-wrap:wrap;align-items:baseline}
.find .law{font-weight:650;color:var(--broken)}.find .msg{overflow-wrap:anywhere}
.find .where{color:var(--ink2);font-size:12px}
.paste{display:flex;gap:8px;align-items:center;margin-top:7px}
.paste code{flex:1;min-width:0;background:var(--panel);border:1px solid var(--line2);border-radius:6px;padding:4px 9px;overflow-x:auto;white-space:pre;font-size:12.5px}
.flaky{color:var(--broken);font-weight:600}

.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;background:var(--line);border-bottom:1px solid var(--line);margin:0}
.tiles div{background:var(--panel);padding:10px 14px 11px 20px}
.tiles dt{color:var(--ink3);font-size:12px}.tiles dd{margin:1px 0 0;font-size:18px;font-weight:600;letter-spacing:-.01em;white-space:nowrap}
.tiles small{display:block;font-size:12px;font-weight:400;color:var(--ink2);letter-spacing:0;white-space:normal}

main{padding:16px 20px 40px;display:grid;gap:16px;max-width:1560px;margin:0 auto}
main>*{min-width:0}
section,.verdict,.tiles div{overflow-wrap:anywhere}
section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 0 6px;min-width:0}
h2{font-size:15px;font-weight:650;margin:0;padding:0 16px;letter-spacing:-.005em}
h3{font-size:12.5px;font-weight:600;margin:12px 16px 2px;color:var(--ink2)}
.say{color:var(--ink2);margin:2px 16px 8px;max-width:105ch;font-size:12.5px}
.scroll{overflow-x:auto;position:relative;overflow-wrap:normal}
table{border-collapse:collapse;width:100%;font-size:12.5px}
caption{text-align:left;padding:0 16px 6px;color:var(--ink2);font-size:12.5px;caption-side:top}
th,td{padding:5px 9px;text-align:left;vertical-align:middle;border-top:1px solid var(--line)}
thead th{font-weight:500;color:var(--ink3);font-size:11.5px;border-top:0;vertical-align:bottom;white-space:nowrap;line-height:1.3}
tbody th{font-weight:500;white-space:nowrap;background:var(--panel)}
tr>:first-child{padding-left:16px}tr>:last-child{padding-right:16px}
.n{text-align:right;white-space:nowrap}
tbody th:first-child,thead tr:first-child th:first-child{position:sticky;left:0;z-index:1;background:var(--panel)}
tbody tr:hover>*{background:var(--raise)}
.ok{color:var(--good)}.bad{color:var(--broken);font-weight:650}.warn{color:var(--held);font-weight:600}.few{color:var(--late);font-weight:500}.dim{color:var(--ink3)}
.state{white-space:nowrap}
.family td,.family th{background:var(--raise)!important;color:var(--ink2);font-weight:600;font-size:12px}
.more{color:var(--ink2);font-size:12px;min-width:26ch;max-width:70ch;white-space:normal}
.wrap .more{min-width:40ch}

.legend{display:flex;gap:4px 18px;flex-wrap:wrap;color:var(--ink2);font-size:12px;margin:0 16px 6px;padding:0;list-style:none;align-items:center}
.legend svg{vertical-align:-3px;margin-right:5px}
td.chart,th.chart{width:100%;min-width:220px;padding-top:0;padding-bottom:0}
.plot{position:relative;display:block;height:34px}
.plot svg,.time svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible}
.axis{position:relative;height:18px}.axis span{position:absolute;bottom:1px;transform:translateX(-50%);white-space:nowrap;font-size:11px;color:var(--ink3)}
.axis span.first{transform:none}.axis span.last{transform:translateX(-100%)}
svg *{vector-effect:non-scaling-stroke}
.grid{stroke:var(--grid)}.area{fill:var(--data);fill-opacity:.42}.dots{stroke:var(--data);stroke-width:5;stroke-linecap:round;stroke-opacity:.6;fill:none}
.p50{stroke:var(--ink);stroke-width:1.75}.p95{stroke:var(--data);stroke-width:3}.p99{stroke:var(--late);stroke-width:2;stroke-dasharray:2 2}.max{stroke:var(--ink2);stroke-width:1.5;fill:none}
.bound{stroke:var(--held);stroke-width:1.5;stroke-dasharray:5 3}
.line{fill:none;stroke:var(--data);stroke-width:1.75;stroke-linejoin:round}.line.max{stroke:var(--ink3)}.line.mean{stroke:var(--ack);stroke-dasharray:5 3}
.fill{fill:var(--data);fill-opacity:.14;stroke:none}
.mark{position:absolute;transform:translate(-50%,-50%);color:var(--broken);font-weight:700;font-size:12px;line-height:1}
.dot{position:absolute;width:7px;height:7px;margin:-3.5px;border-radius:50%;background:var(--data)}

.heat{width:auto;min-width:40%}.heat td{text-align:right;white-space:nowrap;font-size:12px;padding:4px 6px;border:1px solid var(--panel)}
.heat thead th{text-align:right;padding-left:6px;padding-right:6px;border-left:1px solid var(--panel)}.heat thead th.group{text-align:left;color:var(--ink2);font-weight:600;border-left:1px solid var(--line2);padding-left:7px}
.heat td.h{background:color-mix(in srgb,var(--data) calc(var(--w)*1%),var(--panel))!important}
.heat td.h.over{background:color-mix(in srgb,var(--held) calc(var(--w)*1%),var(--panel))!important;font-weight:600}
.heat td.h.bad{background:var(--brokenbg)!important;box-shadow:inset 0 0 0 1.5px var(--broken);color:var(--broken);font-weight:650}
.heat thead tr:first-child th:first-child{text-align:left;padding-left:16px}.heat thead tr+tr th:first-child{padding-left:6px}
.heat td.own{text-align:left;white-space:normal;min-width:36ch}.heat thead th.group[rowspan]{vertical-align:bottom;padding-bottom:5px}
.chip{display:inline-block;white-space:nowrap;padding:0 6px;margin:1px 2px 1px 0;border-radius:3px;background:color-mix(in srgb,var(--data) calc(var(--w)*1%),var(--panel))}
.chip b{font-weight:600}.chip.over{background:color-mix(in srgb,var(--held) calc(var(--w)*1%),var(--panel))}.chip.bad{background:var(--brokenbg)}
.heat .gap{border-left:1px solid var(--line2)}
.gauge{display:block;height:8px;border-radius:2px;background:var(--grid);min-width:90px;overflow:hidden}.gauge i{display:block;height:100%;background:var(--data);min-width:2px}.gauge.over i{background:var(--broken)}

.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:14px 22px;padding:4px 16px 12px;margin:0}
.card{margin:0;min-width:0}.card figcaption{font-size:12.5px;font-weight:500;display:flex;justify-content:space-between;gap:8px;margin-bottom:2px}
.card figcaption span{color:var(--ink2);font-weight:400;white-space:nowrap}
.time{position:relative;height:84px;border-bottom:1px solid var(--line2)}
.time .y{position:absolute;left:3px;font-size:10.5px;color:var(--ink3);transform:translateY(-100%);background:color-mix(in srgb,var(--panel) 75%,transparent)}
details{border-top:1px solid var(--line)}details>summary{padding:8px 16px;cursor:pointer;display:flex;gap:4px 12px;flex-wrap:wrap;align-items:baseline;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"▸";color:var(--ink3);width:10px;flex:none}details[open]>summary::before{content:"▾"}
summary:hover{background:var(--raise)}summary b{font-weight:600}summary .grow{flex:1;color:var(--ink2);min-width:20ch}
details .body{padding:0 0 10px 22px}
.plain>summary{padding:4px 16px;color:var(--ink2);font-size:12.5px}.plain{border:0}
footer{color:var(--ink3);font-size:12px;padding:0 4px}footer dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:6px 0}footer dt{color:var(--ink2);font-weight:500}footer dd{margin:0}

@media (max-width:1240px){th,td{padding-left:6px;padding-right:6px}}
@media (max-width:980px){main{padding:12px 12px 32px}.tiles dd{font-size:16px}}
@media (max-width:640px){
.wide{display:none}.chips a{padding:3px 10px}
wbr{display:inline}.axis .odd{display:none}.top,.verdict{padding-left:14px;padding-right:14px}nav{padding:0 4px}.verdict{padding-left:12px}.verdict h1{font-size:18px}
main{padding:10px 0 28px;gap:10px}section{border-radius:0;border-left:0;border-right:0}
.tiles{grid-template-columns:1fr 1fr}.tiles div{padding-left:14px}
.paste{align-items:stretch;flex-direction:column}.paste code{white-space:pre-wrap;overflow-wrap:anywhere}.paste button{min-height:40px}
tbody th{white-space:normal;min-width:96px;max-width:118px;overflow-wrap:anywhere}td.chart,th.chart{min-width:180px}td.state{white-space:normal;min-width:96px}
tr>:first-child{padding-left:12px}h2,.say,caption,h3{padding-left:0;margin-left:12px}caption{margin-left:0;padding-left:12px}.legend{margin-left:12px}
details .body{padding-left:0}summary .grow{min-width:12ch}footer{padding:0 12px}footer dl{grid-template-columns:1fr}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media (forced-colors:active){.badge,.find li{border:1px solid}.p50,.p95,.p99,.max,.line{stroke:CanvasText}.area,.fill{fill:CanvasText}.gauge{border:1px solid}.gauge i{background:CanvasText}}
@media print{nav,button{display:none}body{background:#fff}section{break-inside:avoid}}
`;

/**
 * The page is complete without it: it only copies a line to paste, and switches the theme. Where the clipboard is closed
 * to a page from a file, the line is selected instead.
 */
export const SCRIPT = `
document.addEventListener('click',async e=>{
const b=e.target.closest('button');if(!b)return;
if(b.dataset.copy!==undefined){const c=b.parentElement.querySelector('code');let done=false;
try{await navigator.clipboard.writeText(c.textContent);done=true}catch{getSelection().selectAllChildren(c)}
b.textContent=done?'Copied':'Selected';document.getElementById('spoken').textContent=done?'Copied':'Selected, press copy';
setTimeout(()=>{b.textContent='Copy'},1600)}
if(b.id==='theme'){const r=document.documentElement;const dark=r.dataset.theme?r.dataset.theme==='dark':matchMedia('(prefers-color-scheme:dark)').matches;
r.dataset.theme=dark?'light':'dark'}});
const reveal=()=>{const d=document.getElementById(decodeURIComponent(location.hash.slice(1)));if(d&&d.tagName==='DETAILS')d.open=true};
addEventListener('hashchange',reveal);reveal();
document.querySelectorAll('button[hidden]').forEach(b=>{b.hidden=false});
`;
