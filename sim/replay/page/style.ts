/** The page's style: tokens for both themes, regions, and what becomes of them on narrow screens and under forced colours. */

const LIGHT = `--bg:#f5f7fa;--panel:#fff;--raise:#eef1f5;--ink:#12161d;--ink2:#465060;--ink3:#667080;--line:#e3e7ed;--line2:#c9d0da;
--data:#0b5cad;--ack:#00755a;--control:#6b7482;--post:#9aa3b0;--lost:#982f00;--held:#8f6c00;--late:#66297f;
--broken:#b4003a;--brokenbg:#fce8ee;--brokenline:#d7668b;--holds:#00705a;--holdsbg:#e2f3ee;
--open:#bfe3d7;--openline:#2f8f76;--half:#2f8f76;--wait:#f6e3b4;--waitline:#a87900;--down:#3c4350;--downink:#fff;--still:#8b95a4;
--sel:#0b5cad;--selbg:#e7f0fa;--focus:#0b5cad;--mag:#f1f6fc;--magline:#2f73c0`;
const DARK = `--bg:#0e1218;--panel:#141921;--raise:#1d2430;--ink:#e9edf3;--ink2:#aeb8c6;--ink3:#8b96a6;--line:#262e3a;--line2:#3a4454;
--data:#6db5ff;--ack:#63e3bd;--control:#788495;--post:#566173;--lost:#ff9b5e;--held:#e2b23f;--late:#dcb4f2;
--broken:#ff6a90;--brokenbg:#3a1522;--brokenline:#b8476a;--holds:#4fd1ab;--holdsbg:#12332b;
--open:#1c4a3e;--openline:#3fa588;--half:#3fa588;--wait:#4a3a12;--waitline:#c99a2c;--down:#59616f;--downink:#fff;--still:#59616f;
--sel:#6db5ff;--selbg:#1b2c40;--focus:#6db5ff;--mag:#18202b;--magline:#4a8fd6`;

export const STYLE = `
:root{color-scheme:light;--sans:system-ui,-apple-system,"Segoe UI",Roboto,Inter,sans-serif;--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;--gutter:158px;${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${DARK}}}
:root[data-theme=dark]{color-scheme:dark;${DARK}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html,body{margin:0;height:100%}
body{font:400 13px/1.45 var(--sans);color:var(--ink);background:var(--bg);font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
#app{display:grid;grid-template-columns:minmax(0,1fr);grid-template-rows:auto auto minmax(0,1fr);height:100vh;min-height:560px}
.m{font-family:var(--mono);font-size:12px}
h1,h2,h3,p,ul,ol,dl,dd{margin:0;padding:0;font:inherit}
button,select,input{font:inherit;color:inherit}
button{cursor:pointer}
.btn{background:var(--panel);border:1px solid var(--line2);border-radius:6px;padding:5px 11px;min-height:30px;white-space:nowrap}
.btn:hover{background:var(--raise)}
.btn[aria-pressed=true],.btn[aria-expanded=true]{background:var(--selbg);border-color:var(--sel);color:var(--sel)}
.btn.small{padding:2px 8px;min-height:24px;font-size:12px}
.btn:disabled{opacity:.55;cursor:default}
.link{background:none;border:0;padding:0;color:var(--data);cursor:pointer;text-align:left}
.link:hover{text-decoration:underline}
kbd{font:500 10.5px var(--mono);border:1px solid var(--line2);border-radius:4px;padding:0 4px;margin-left:5px;color:var(--ink3);background:var(--panel)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;align-items:center;gap:6px 16px;padding:7px 16px;background:var(--panel);border-bottom:1px solid var(--line);flex-wrap:wrap}
.top .brand{display:flex;align-items:center;gap:8px;font-weight:650}
.top .meta{display:flex;gap:4px 14px;color:var(--ink2);flex-wrap:wrap;min-width:0}
.top .meta b{color:var(--ink);font-weight:560;overflow-wrap:anywhere}
.top .right{margin-left:auto;display:flex;gap:8px;position:relative}
.menu{position:absolute;right:0;top:36px;z-index:20;background:var(--panel);border:1px solid var(--line2);border-radius:8px;padding:5px;display:grid;min-width:210px;box-shadow:0 8px 28px #0003}
.menu button{background:none;border:0;text-align:left;padding:7px 10px;border-radius:5px}
.menu button:hover,.menu button:focus-visible{background:var(--raise)}
.notice{background:var(--selbg);color:var(--ink);padding:7px 16px;border-bottom:1px solid var(--line);display:flex;gap:10px;align-items:baseline;flex-wrap:wrap}
.notice.bad{background:var(--brokenbg)}
.verdict{display:flex;gap:10px 22px;align-items:center;flex-wrap:wrap;padding:9px 16px 10px 14px;background:var(--panel);border-bottom:1px solid var(--line2);border-left:5px solid var(--broken)}
.verdict.holds{border-left-color:var(--holds)}
.verdict.budget{border-left-color:var(--held)}
.verdict .said{flex:1 1 420px;min-width:0}
.verdict h1{font-size:17px;font-weight:650;line-height:1.3;display:flex;gap:9px;align-items:baseline;overflow-wrap:anywhere}
.badge{background:var(--broken);color:var(--panel);border-radius:5px;padding:1px 8px;font-size:13px;white-space:nowrap;flex:none}
.holds .badge{background:var(--holds)}.budget .badge{background:var(--held)}
.verdict .why{color:var(--ink2);margin-top:3px;max-width:110ch;overflow-wrap:anywhere}
.verdict .why b{color:var(--ink);font-weight:650}
.verdict .acts{display:flex;gap:8px;flex-wrap:wrap}
.grid{border-collapse:collapse;font-size:11.5px;color:var(--ink2)}
.grid caption{caption-side:bottom;text-align:left;font-size:10.5px;color:var(--ink3);padding-top:1px}
.grid th{font-weight:400;text-align:right;padding:0 8px 0 0;white-space:nowrap;max-width:190px;overflow:hidden;text-overflow:ellipsis}
.grid td{padding:0;text-align:center}
.grid button{display:block;width:19px;height:17px;padding:0;border:0;background:none;line-height:17px;font-size:11px;color:var(--ink2)}
.grid .accused{background:var(--brokenbg)}
.grid .now{box-shadow:-1px 0 0 var(--ink),1px 0 0 var(--ink)}
.grid tr:first-child .now{box-shadow:-1px 0 0 var(--ink),1px 0 0 var(--ink),0 -1px 0 var(--ink)}
.grid tr:last-child .now{box-shadow:-1px 0 0 var(--ink),1px 0 0 var(--ink),0 1px 0 var(--ink)}
.grid .bad{color:var(--broken);font-weight:650}.grid .good{color:var(--holds)}
.work{display:grid;grid-template-columns:minmax(0,1fr) 404px;min-height:0}
.time{display:grid;grid-template-columns:minmax(0,1fr);grid-template-rows:auto minmax(0,1fr) auto;min-width:0;min-height:0;border-right:1px solid var(--line2);background:var(--panel)}
.mini{display:grid;grid-template-columns:var(--gutter) minmax(0,1fr);border-bottom:1px solid var(--line)}
.mini .label{padding:5px 12px;font-size:11px;color:var(--ink2);line-height:1.35}
.mini canvas{display:block;width:100%;height:44px;touch-action:none;cursor:crosshair}
.board{position:relative;display:grid;grid-template-columns:var(--gutter) minmax(0,1fr);overflow:auto;align-content:start;overscroll-behavior:contain}
.gutter{position:relative;border-right:1px solid var(--line)}
.gutter>div{position:absolute;left:0;right:0;padding:0 6px 0 12px;display:flex;flex-direction:column;justify-content:center;overflow:hidden}
.gutter>.line{flex-direction:row;align-items:center;justify-content:flex-start;gap:7px}
.gutter .sec{border-top:1px solid var(--line)}
.gutter .name{font-weight:650;font-size:12px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.gutter .sub{font-size:10.5px;color:var(--ink3);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.gutter select{font-size:11.5px;font-weight:600;max-width:100%;background:transparent;border:0;padding:2px 0}
.law{font-size:11px;color:var(--ink2);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.law.bad{color:var(--broken);font-weight:650}
.handle{background:none;border:0;padding:1px 3px;border-radius:4px;display:flex;gap:6px;align-items:baseline;min-width:0;cursor:ew-resize}
.handle b{font-weight:650;font-size:12px}.handle span{font-size:10.5px;color:var(--ink3);white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.switch{appearance:none;flex:none;width:24px;height:14px;margin:0;border-radius:8px;background:var(--line2);position:relative;cursor:pointer;transition:background .12s}
.switch::after{content:"";position:absolute;left:2px;top:2px;width:10px;height:10px;border-radius:50%;background:var(--panel);transition:left .12s}
.switch:checked{background:var(--ink2)}.switch:checked::after{left:12px}
.switch:disabled{opacity:.5;cursor:default}
.canvas{position:relative;min-width:0}
.canvas canvas{position:absolute;left:0;top:0;touch-action:pan-y;cursor:crosshair}
.tip{position:fixed;z-index:15;pointer-events:none;background:var(--ink);color:var(--panel);border-radius:6px;padding:5px 9px;font-size:11.5px;line-height:1.4;max-width:340px;overflow-wrap:anywhere}
.foot{display:flex;align-items:center;gap:8px 10px;padding:6px 12px;border-top:1px solid var(--line2);flex-wrap:wrap;background:var(--panel)}
.foot .btn{min-width:34px;padding:4px 9px}
.foot .at{font:600 13px var(--mono);min-width:96px}
.foot .step{color:var(--ink2);flex:1 1 130px;min-width:0;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-size:12px}
.legend{display:flex;gap:3px 11px;color:var(--ink2);font-size:11px;flex-wrap:wrap}
.legend span{display:inline-flex;gap:5px;align-items:center;white-space:nowrap}
.side{display:grid;grid-template-columns:minmax(0,1fr);grid-template-rows:auto auto minmax(0,1fr);min-height:0;min-width:0;background:var(--panel)}
.beliefs{padding:8px 14px 9px;border-bottom:1px solid var(--line2);font-size:11.5px;max-height:190px;overflow:auto}
.beliefs h2{display:flex;justify-content:space-between;font-weight:650;font-size:12px;margin-bottom:4px}
.beliefs table{border-collapse:collapse;width:100%}
.beliefs th{font-weight:400;color:var(--ink3);text-align:left;padding:1px 8px 1px 0;white-space:nowrap;vertical-align:top}
.beliefs td{padding:1px 0}
.chip{display:inline-block;border:1px solid var(--line2);border-radius:4px;padding:0 6px;font:500 11px/17px var(--mono);margin:1px 4px 1px 0;white-space:nowrap}
.chip.open{background:var(--open);border-color:var(--openline)}.chip.half{border:1px dashed var(--openline)}
.chip.wait{background:var(--wait);border-color:var(--waitline)}.chip.down{background:var(--down);color:var(--downink);border-color:var(--down)}
.chip.dialling{border-color:var(--openline)}
.tabs{display:flex;border-bottom:1px solid var(--line2);padding:0 6px;gap:2px;overflow-x:auto}
.tabs button{background:none;border:0;border-bottom:2px solid transparent;padding:8px 9px;color:var(--ink2);white-space:nowrap}
.tabs button[aria-selected=true]{color:var(--ink);font-weight:600;border-bottom-color:var(--ink)}
.panel{overflow:auto;padding:11px 14px 20px;min-height:0}
.panel h3{font-weight:650;margin:14px 0 5px;font-size:12.5px}.panel h3:first-child{margin-top:0}
.panel p{margin-bottom:7px;overflow-wrap:anywhere}
.muted{color:var(--ink2)}.faint{color:var(--ink3);font-size:11.5px}
.bad{color:var(--broken)}.good{color:var(--holds)}.latec{color:var(--late)}
pre{margin:0;font:11.5px/1.45 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere;background:var(--raise);border-radius:6px;padding:7px 9px;max-height:340px;overflow:auto}
details{margin:4px 0}summary{cursor:pointer}
.story{list-style:none;display:grid;gap:1px;margin:0 -6px 12px}
.story button{display:grid;grid-template-columns:minmax(88px,max-content) minmax(0,1fr);gap:8px;width:100%;text-align:left;background:none;border:0;border-radius:5px;padding:3px 6px}
.story button:hover{background:var(--raise)}.story button:disabled{cursor:default;background:none;color:inherit}
.story .t{white-space:nowrap;font:11.5px/1.6 var(--mono);color:var(--ink2)}
.story .x{overflow-wrap:anywhere}.story b{font-weight:650}
.story .breach{background:var(--brokenbg)}.story .breach .x{color:var(--broken);font-weight:650}
.story .fault .x{color:var(--lost)}
.story [aria-current=true]{box-shadow:inset 3px 0 0 var(--sel);background:var(--selbg)}
.whysvg{display:block;width:100%;height:auto}
.list{position:relative;margin:0 -14px -20px;overflow:auto;height:calc(100% - 66px);min-height:280px;border-top:1px solid var(--line)}
.list .pad{position:relative}
.row{position:absolute;left:0;right:0;height:24px;display:grid;grid-template-columns:86px 50px minmax(0,1fr);gap:8px;align-items:center;padding:0 14px;background:none;border:0;text-align:left;font-size:12px}
.row .t{font:11px var(--mono);color:var(--ink2)}.row .w{color:var(--ink2);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row .x{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.row:hover{background:var(--raise)}.row.sel{background:var(--selbg);box-shadow:inset 3px 0 0 var(--sel)}
.row.breach{background:var(--brokenbg)}.row.new .t{color:var(--late);font-weight:650}
.row.lost .x{color:var(--lost)}.row.held .x{color:var(--held)}.row.fault .x{color:var(--broken)}
input[type=search],input[type=text],input[type=number],select.field{border:1px solid var(--line2);border-radius:6px;background:var(--raise);padding:5px 9px;min-height:30px;width:100%}
.chips{display:flex;gap:5px;flex-wrap:wrap;margin:6px 0}
.chips button{border:1px solid var(--line2);background:var(--panel);border-radius:12px;padding:1px 10px;font-size:11.5px;min-height:24px}
.chips button[aria-pressed=true]{background:var(--ink);color:var(--panel);border-color:var(--ink)}
.fields{display:grid;grid-template-columns:auto minmax(0,1fr) minmax(0,1fr) auto;gap:5px 8px;align-items:center}
.fields .wide{grid-column:2/-1}.fields label{font-size:12px;color:var(--ink2)}
.fault-name{grid-column:2/4;overflow-wrap:anywhere;font-size:12px}
.knobs{display:grid;grid-template-columns:110px minmax(0,1fr);gap:6px 10px;align-items:center}
table.ledger{border-collapse:collapse;width:100%;font-size:12px}
.ledger th{font-weight:400;color:var(--ink3);text-align:left;padding:2px 8px 2px 0}
.ledger td{border-top:1px solid var(--line);padding:4px 8px 4px 0;vertical-align:top}
dialog{border:1px solid var(--line2);border-radius:10px;background:var(--panel);color:var(--ink);padding:16px 20px;max-width:560px;width:calc(100% - 32px)}
dialog::backdrop{background:#0007}
dialog table{border-collapse:collapse;width:100%}dialog td{padding:3px 12px 3px 0;border-top:1px solid var(--line)}
.loading{padding:40px;text-align:center;color:var(--ink2)}
@media (max-width:980px){
:root{--gutter:132px}
#app{display:block;height:auto}
.work{display:block}.time{border-right:0}.board{overflow-y:visible}
.side{display:block;border-top:1px solid var(--line2)}.panel{overflow:visible}.beliefs{max-height:none}
.list{height:60vh}.foot{position:sticky;bottom:0;z-index:5}.legend{display:none}}
@media (max-width:560px){
:root{--gutter:96px}
.top .opt,.gutter .sub{display:none}.top{padding:7px 12px}.verdict{padding:9px 12px}.verdict h1{font-size:15.5px;display:block}.badge{margin-right:7px}
.verdict .acts .btn{flex:1}.gutter>div{padding-left:8px}.mini .label{padding-left:8px}.foot .step{order:9;flex-basis:100%;white-space:normal}
.row{grid-template-columns:84px 44px minmax(0,1fr)}.handle span{display:none}.grid button{width:24px;height:24px;line-height:24px}}
@media (pointer:coarse){.switch{width:34px;height:20px;border-radius:11px}.switch::after{width:16px;height:16px}.switch:checked::after{left:16px}.btn,.chips button{min-height:34px}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media (forced-colors:active){.badge,.chip,.switch,.btn{border:1px solid}.switch::after{background:ButtonText}.switch:checked{background:Highlight}.row.sel,.story [aria-current=true]{outline:2px solid Highlight}}
@media print{.side,.foot,.top .right,.mini{display:none}#app{height:auto;display:block}.work{display:block}}
`;
