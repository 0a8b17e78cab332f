/**
 * The report of a sweep that is under way: the page of `--report` below a bar that tells how far it is. Its script listens
 * to the server, and takes newer tables in without closing what the reader has opened.
 */
import type { ExploreDocument } from '../explore/document.ts';
import { type Markup, markup } from '../report/markup.ts';
import { reportPage } from '../report/page.ts';
import type { Live } from './live.ts';

/** The page as text: tables of `document`, and the bar as `live` says. */
export const livePage = (document: ExploreDocument, live: Live): string =>
  reportPage(document, null, { bar: bar(live), style: STYLE, script: SCRIPT });

function bar({ done, total, words, now, edition, state }: Live): Markup {
  const share = total === 0 ? 0 : (100 * done) / total;
  return markup`<section class="live" id="live" data-edition="${edition}" data-state="${state}" aria-label="The sweep under way">
<div class="how"><b id="live-state">${state === 'running' ? 'Running' : 'Ended'}</b><span id="live-words">${words}</span><span class="dim" id="live-now">${now}</span></div>
<progress id="live-bar" max="100" value="${share.toFixed(2)}" aria-label="Runs so far"></progress>
<div id="live-reds" hidden><h2><span class="bad" id="live-count"></span></h2><ul class="reds" aria-label="Failing seeds so far, each with its replay page"></ul><p class="say" id="live-more"></p></div></section>`;
}

const STYLE = `
.live{border-radius:0;border-width:0 0 1px;padding:10px 20px 12px}.live .how{display:flex;gap:4px 16px;flex-wrap:wrap;align-items:baseline}
.live progress{width:100%;height:8px;margin-top:8px;accent-color:var(--data);display:block}
.live h2{padding:0;margin-top:10px}.live .reds{list-style:none;padding:0;margin:6px 0 0;max-height:30vh;overflow:auto}.live .reds li{display:flex;gap:2px 12px;flex-wrap:wrap;padding:3px 0;border-top:1px solid var(--line)}.live .say{margin-left:0}
.live[data-state=gone] .how b{color:var(--broken)}
`;

/**
 * What comes from runs is set as text, never as markup. The newer page is markup of our own server, which escapes; a parsed
 * document runs no script.
 */
const SCRIPT = `
(()=>{
const $=id=>document.getElementById(id);
const set=(id,text)=>{const e=$(id);if(e.textContent!==text)e.textContent=text};
let edition=Number($('live').dataset.edition),busy=false;
const renew=async()=>{
if(busy)return;busy=true;
try{const answer=await fetch('/',{cache:'no-store'});const next=new DOMParser().parseFromString(await answer.text(),'text/html');
const open=[...document.querySelectorAll('details[open]')].map(d=>d.id||d.querySelector('summary').id);
const at=scrollY;
for(const where of ['#verdict','.tiles','nav','main']){const a=document.querySelector(where),b=next.querySelector(where);if(a&&b)a.replaceWith(b)}
for(const d of document.querySelectorAll('details'))if(open.includes(d.id||d.querySelector('summary').id))d.open=true;
document.querySelectorAll('button[data-copy][hidden]').forEach(b=>{b.hidden=false});
document.title=next.title;scrollTo(0,at);edition=Number(next.getElementById('live').dataset.edition)}
catch{}finally{busy=false}};
const reds=(list,more)=>{
const ul=document.querySelector('#live-reds ul');$('live-reds').hidden=list.length===0;
const all=list.length+more;set('live-count','\\u2715 '+all+(all===1?' failing seed':' failing seeds'));
while(ul.children.length>list.length)ul.lastChild.remove();
list.forEach((red,i)=>{const key=red.run+red.message;if(ul.children[i]&&ul.children[i].dataset.key===key)return;
const li=document.createElement('li');li.dataset.key=key;
const law=document.createElement('span');law.className='bad';law.textContent='\\u2715 '+red.laws.join(', ');
const msg=document.createElement('span');msg.textContent=red.message;
const link=document.createElement('a');link.href='/replay/'+encodeURIComponent(red.run);link.textContent=red.run;link.target='_blank';link.rel='noopener';
link.title='its replay page';li.append(link,law,msg);
if(ul.children[i])ul.children[i].replaceWith(li);else ul.append(li)});
set('live-more',more>0?more+' more are not listed here.':'')};
let said='';
const events=new EventSource('/events');
events.onmessage=e=>{const live=JSON.parse(e.data);
$('live').dataset.state=live.state;set('live-state',live.state==='running'?'Running':'Ended');set('live-words',live.words);set('live-now',live.now);
$('live-bar').value=live.total?100*live.done/live.total:0;reds(live.reds,live.more);
const all=live.reds.length+live.more;const say=live.state==='ended'?'The sweep has ended':all>0?all+' failing seeds':'';
if(say!==said){said=say;$('spoken').textContent=say}
if(live.edition>edition)renew()};
events.onerror=()=>{if($('live').dataset.state==='running'||$('live').dataset.state==='ended'){$('live').dataset.state='gone';set('live-state','Not connected');set('live-now','the command has ended; this is what it said last')}};
})();
`;
