/**
 * The look of a lab report: that of the other pages, with the pictures' colours as variables, so that one drawing is
 * right on paper, on a light page and on a dark one.
 */
import { STYLE } from '../../report/style.ts';
import { TOKENS } from '../charts/palette.ts';

const colours = (nth: 0 | 1): string =>
  Object.entries(TOKENS)
    .map(([token, pair]) => `--c-${token}:${pair[nth]};`)
    .join('');

export const LAB_STYLE = `${STYLE}
:root{${colours(0)}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${colours(1)}}}
:root[data-theme=dark]{${colours(1)}}
.verdict{border-left-color:var(--data)}.verdict.stopped{border-left-color:var(--held)}
.verdict p.answer{font-size:17px;line-height:1.45;color:var(--ink);max-width:78ch;margin:8px 0 4px;text-wrap:pretty}
.verdict p{max-width:90ch}.verdict .early{color:var(--held);font-weight:600}
.warnings{margin:8px 0 0;padding:0;list-style:none;display:grid;gap:3px;color:var(--ink2);max-width:90ch}.warnings li::before{content:"⚠ ";color:var(--held)}.warnings b{color:var(--held);font-weight:600}
.letter{display:inline-block;min-width:1.5em;font-weight:700}
.names th{font-weight:500;overflow-wrap:anywhere}
.figures td{text-align:right;white-space:nowrap}.figures td small{display:block;color:var(--ink3);font-size:11px}
.figures thead th{text-align:right;white-space:normal;min-width:9ch}.figures thead th:first-child{text-align:left}
.figures thead code{display:block;font-size:10.5px;color:var(--ink3)}
.figures td.best{font-weight:650;color:var(--good)}.figures td.best small{font-weight:400}
.figures td.none{color:var(--broken);font-weight:600;white-space:normal;min-width:9ch}
.pictures{columns:440px;column-gap:22px;padding:6px 16px 4px}
.picture{break-inside:avoid;margin:0 0 20px;min-width:0}
.picture svg{display:block;width:100%;max-width:580px;height:auto;overflow:visible}
.picture svg *{vector-effect:none}
.picture figcaption{color:var(--ink2);font-size:12.5px;margin:6px 0 2px;max-width:78ch;text-wrap:pretty}
.picture details{border:0}.picture details>summary{padding:4px 0;color:var(--ink2);font-size:12.5px}
.picture table{font-size:12px}.picture td,.picture th{white-space:nowrap}.picture tbody th{max-width:24ch;overflow:hidden;text-overflow:ellipsis}
.picture tr>:first-child{padding-left:0}.picture caption{padding:0 0 6px;white-space:normal}
.say code{white-space:nowrap}
.terms{display:grid;grid-template-columns:max-content 1fr;gap:3px 16px;margin:6px 16px 12px;font-size:12.5px}
.terms dt{color:var(--ink2);font-weight:500}.terms dd{margin:0;max-width:90ch;overflow-wrap:anywhere}
.paste{margin:7px 16px 10px}.paste code{background:var(--raise)}
pre.paste code{white-space:pre;line-height:1.5}
.prose{margin:2px 16px 8px;max-width:90ch;text-wrap:pretty}
td.sum{font-family:var(--mono);font-size:11px}
@media (max-width:640px){.pictures{columns:auto;padding:6px 12px}.terms{grid-template-columns:1fr;gap:0 0;margin-left:12px}.terms dd{margin-bottom:6px}.prose,.paste{margin-left:12px;margin-right:12px}.verdict p.answer{font-size:15.5px}.figures tbody th{max-width:130px}}
@media print{.pictures{columns:2}.picture details:not([open]){display:none}.verdict p.answer{font-size:13pt}}
@media (forced-colors:active){.picture svg{forced-color-adjust:none;background:#fff}}
`;

/** The page is complete without it: it copies a line and switches the theme. */
export const LAB_SCRIPT = `
document.addEventListener('click',async e=>{
const b=e.target.closest('button');if(!b)return;
if(b.dataset.copy!==undefined){const c=b.parentElement.querySelector('code');let done=false;
try{await navigator.clipboard.writeText(c.textContent);done=true}catch{getSelection().selectAllChildren(c)}
b.textContent=done?'Copied':'Selected';document.getElementById('spoken').textContent=done?'Copied':'Selected, press copy';
setTimeout(()=>{b.textContent='Copy'},1600)}
if(b.id==='theme'){const r=document.documentElement;const dark=r.dataset.theme?r.dataset.theme==='dark':matchMedia('(prefers-color-scheme:dark)').matches;
r.dataset.theme=dark?'light':'dark'}});
document.querySelectorAll('button[hidden]').forEach(b=>{b.hidden=false});
`;
