var x={person:"Talk to a person",personTitle:"Talk to a person?",personText:"You are put on the team's list, and they can read this conversation. Somebody answers here in this chat.",personYes:"Ask for a person",personAsk:"I would like to talk to a person.",cancel:"Cancel",data:"What you know about me",dataAsk:"What do you know about me?",fresh:"New talk",freshAsk:"Start over",printTalk:"Print or save this talk",wider:"Larger window",narrower:"Smaller window",clear:"Delete chat",clearTitle:"Delete this chat?",clearText:"Everything you wrote and everything I answered is deleted for good, here and on the server, and so is a Telegram chat linked to it.",keep:"Keep it",remove:"Delete",soundOn:"Sound on new messages of the team",soundOff:"No more sound",chart:"Chart of the plan: {title}",chartSteps:"Steps of the plan. Choose one for its reason and source.",shut:"Close",zoomIn:"Zoom in",zoomOut:"Zoom out"};var k=t=>({...x,...t.strings}),D=864e5,A=28,T=42,L=56,j=7.2,_=330,F=860,O=4,Z=()=>Math.max(_-50,Math.min(F,innerWidth-72)),q=2e3,B=`
  .menu ul { position: absolute; z-index: 1; inset-block-start: 100%; inset-inline-end: 0; width: max-content; padding: 6px; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); box-shadow: 0 8px 24px rgb(0 20 30 / 25%); }
  .menu li button { width: 100%; min-height: 44px; padding: 6px 14px; border: 0; border-radius: 8px; background: none; text-align: start; }
  .menu li button:hover { background: var(--tint); }
  .confirm { position: fixed; margin: auto; max-width: min(24em, calc(100vw - 32px)); padding: 20px; border: 1px solid var(--line); border-radius: 16px; background: var(--panel); color: var(--text); }
  .confirm::backdrop { background: rgb(0 20 25 / 50%); }
  .confirm h2 { font-weight: 650; }
  .confirm p { margin-top: 6px; }
  .confirm div { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; margin-top: 18px; }
  .danger, .main { min-height: 44px; border: 0; border-radius: 10px; background: #b3261e; color: #fff; padding: 6px 14px; }
  .main { background: var(--accent); color: var(--on-accent); }
  .timeline { display: grid; gap: 10px; }
  .badge.feasible, .badge.done, .badge.on_track { color: var(--good); }
  .badge.tight { background: var(--warn-back); color: var(--warn); }
  .badge.late, .badge.impossible { background: var(--error-back); color: var(--error); }
  .timeline > ol { border-inline-start: 2px solid var(--line); margin-inline-start: 6px; display: grid; gap: 12px; }
  .timeline > ol > li { position: relative; padding-inline-start: 16px; }
  .timeline > ol > li::before { content: ""; position: absolute; inset-inline-start: -7px; top: 6px; width: 12px; height: 12px; border-radius: 50%; background: var(--link); border: 2px solid var(--panel); }
  .timeline > ol > .late::before { background: var(--error); }
  .timeline > ol > .tight::before { background: #d08a00; }
  .chart { display: block; width: 100%; max-width: 420px; height: auto; direction: ltr; font-size: 13px; stroke: none; }
  .large .chart { width: auto; max-width: none; }
  .chart text { fill: var(--text); stroke: var(--panel); stroke-width: 3; paint-order: stroke; }
  .chart .month { fill: var(--soft); font-size: 12px; }
  .chart line { stroke: var(--line); }
  .chart .now { stroke: var(--link); stroke-width: 2; }
  .chart .bar { fill: var(--good); }
  .chart .done { fill: var(--soft); }
  .chart .tight { fill: #d08a00; }
  .chart .late { fill: var(--error); }
  .chart .row { fill: transparent; }
  .chart g[tabindex] { cursor: pointer; outline: none; }
  .chart g:focus-visible .row { stroke: var(--link); stroke-width: 2; }
  .chart :is(g[tabindex]:hover, .chosen) .row { fill: var(--tint); }
  .chart :is(g[tabindex]:hover, .chosen) text { stroke: none; }
  .large { position: fixed; margin: auto; width: min(960px, calc(100vw - 24px)); max-width: none; max-height: calc(100dvh - 24px); padding: 16px; border: 1px solid var(--line); border-radius: 16px; background: var(--panel); color: var(--text); }
  .large::backdrop { background: rgb(0 20 25 / 50%); }
  .large .boxed { border: 0; padding: 0; }
  .large .top { display: flex; align-items: center; gap: 8px; }
  .large h2 { flex: 1; font-weight: 650; }
  .detail { min-height: 6em; margin-top: 8px; display: grid; gap: 4px; align-content: start; }
  @media (forced-colors: active) { .timeline > ol > li::before { background: CanvasText; } .chart .bar { fill: CanvasText; } .chart line { stroke: CanvasText; } }
`,H=`
  body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; max-width: 42em; margin: 1.5em auto; padding: 0 1em; }
  h3 { font-size: 1.5em; margin: 0 0 .3em; }
  p, ul { margin: .2em 0; }
  ol { padding: 0; list-style: none; }
  ol > li { break-inside: avoid; border-inline-start: 3px solid #888; padding-inline-start: .8em; margin-block: .9em; }
  .badge { border: 1px solid; border-radius: 1em; padding: 0 .6em; font-size: .8em; margin-inline-start: .6em; }
  .title { display: flex; align-items: baseline; }
  .sources { padding: 0; list-style: none; font-size: .8em; overflow-wrap: anywhere; }
  .sources a[href]::after { content: " (" attr(href) ")"; }
  img { max-width: 100%; max-height: 22em; }
  .small, .soft { color: #444; }
  .who { display: flex; gap: .5em; align-items: baseline; }
  .bot, .visitor { margin-block: 1em; }
  .bot h3, .visitor h3 { font-size: 1em; margin: 0; }
  .said { white-space: pre-wrap; }
  button, form, .thumbs, .avatar, b + b { display: none; }
  :root { --text: #000; --soft: #444; --line: #bbb; --panel: #fff; --link: #000; --good: #555; --error: #000; }
`;function X({html:t},o,{isTalking:i,isWide:r},e,c){let n=k(o),s=(d,l)=>t`<li><button type="button" @click=${()=>{c(),l()}}>${d}</button></li>`;return t`<ul> ${s(n.person,e.person)} ${i?[s(n.data,()=>e.say(x.dataAsk)),s(n.fresh,()=>e.say(x.freshAsk)),s(n.printTalk,e.print)]:""} ${r===void 0?"":s(r?n.narrower:n.wider,e.widen)} ${i?s(n.clear,e.clear):""}
  </ul>`}function tt({html:t,nothing:o},i,r,e){let c=k(i),n=(l,p,g)=>t`<button type="button" class=${p} @click=${()=>{e.no(),g()}}>${l}</button>`,s=(l,p,g,h)=>t`<h2 id="confirm-title">${l}</h2> ${p.map(m=>m?t`<p dir="auto">${m}</p>`:o)} <div><button type="button" class="quiet" autofocus @click=${e.no}>${g}</button>${h}</div>`;if(!r)return s(c.clearTitle,[c.clearText],c.keep,n(c.remove,"danger",e.clear));let d=r.is_staffed!==!1;return s(c.personTitle,[d&&c.personText,r.text],c.cancel,d?n(c.personYes,"main",()=>e.say(x.personAsk)):o)}var S=t=>Date.parse(`${t}T00:00:00Z`),P=t=>/^\d{4}-\d\d-\d\d$/.test(t??"")&&!Number.isNaN(S(t??""));function K(t){return t.milestones.flatMap(o=>{let i=[o.earliest,o.latest].filter(P).map(r=>S(r??"")).sort((r,e)=>r-e);return i.length?[{step:o,from:i[0],to:i[i.length-1]}]:[]})}function G(t,o,i,r,e){let{html:c,svg:n,nothing:s}=t,d=K(o);if(!d.length)return s;let l=r?Z():_,p=l*(r?.zoom??1),g=P(o.computed)?[S(o.computed??"")]:[],h=Math.min(...g,...d.map(a=>a.from)),m=Math.max(...g,...d.map(a=>a.to),h+30*D),u=a=>8+(a-h)/(m-h)*(p-16),f=A+d.length*T,U=t.fill(k(i).chart,{title:o.title});return c`<svg class="chart" viewBox="0 0 ${p} ${f}" width=${p} height=${f} role=${e?"group":"img"} aria-label=${U}> ${J(h,m,p).map(({start:a,words:b})=>n`<line x1=${u(a)} x2=${u(a)} y1="20" y2=${f} /><text class="month" x=${u(a)+3} y="14">${b(i.language)}</text>`)} ${g.map(a=>n`<line class="now" x1=${u(a)} x2=${u(a)} y1="20" y2=${f} />`)} ${d.map(({step:a,from:b,to:C},E)=>{let v=A+E*T,M=t.parts.known(a.status??"on_track"),w=R(t,a,i),y=Math.floor(l/j),I=r&&w.length<=y?w:a.title.length>y?`${a.title.slice(0,y-1)}…`:a.title,N=C-b<D?n`<path class="bar ${M}" d="M${u(b)} ${v+21}l7 7-7 7-7-7z" />`:n`<rect class="bar ${M}" x=${u(b)} y=${v+23} width=${Math.max(u(C)-u(b),4)} height="10" rx="5" />`,z=n`<rect class="row" x="1" y=${v} width=${p-2} height=${T-2} rx="6" /><text x="4" y=${v+15}>${I}</text>${N}`;if(!e)return n`<g>${z}</g>`;let W=$=>{($.key==="Enter"||$.key===" ")&&($.preventDefault(),e(a.id))};return n`<g role="button" tabindex="0" aria-label=${w} aria-pressed=${r?.step===a.id} class=${r?.step===a.id?"chosen":""} @click=${()=>e(a.id)} @pointerenter=${()=>e(a.id)} @focus=${()=>e(a.id)} @keydown=${W}>${z}</g>`})}
  </svg>`}function R(t,o,i){let r=t.parts.period(o,i);return[o.title,o.estimated&&r?t.fill(i.strings.estimated,{date:r}):r,t.label(i.strings,o.status??"on_track")].filter(Boolean).join(" · ")}function J(t,o,i){let[r,e]=[new Date(t),new Date(o)],c=(e.getUTCFullYear()-r.getUTCFullYear())*12+e.getUTCMonth()-r.getUTCMonth(),n=[1,2,3,6,12,24,60,120,1200].find(d=>c/d*L<=i)??12e3,s=[];for(let d=1;d<=c;d+=1){let l=new Date(Date.UTC(r.getUTCFullYear(),r.getUTCMonth()+d,1));if((l.getUTCFullYear()*12+l.getUTCMonth())%n)continue;let p=l.getUTCMonth()?{month:"short"}:{year:"numeric"};s.push({start:l.getTime(),words:g=>new Intl.DateTimeFormat(g,{...p,timeZone:"UTC"}).format(l)})}return s}function et(t,o,i,r){let{html:e,nothing:c,parts:n}=t,{part:s,zoom:d}=o,l=k(i),p=(m,u=c)=>e`<div class="top"><h2 id="large-title" dir="auto">${m}</h2>${u} <button type="button" class="quiet" autofocus @click=${()=>r()}>${l.shut}</button></div>`;if(s.type==="comparison")return e`${p(l.comparison)}${n.comparison(s,{...i,enlarge:void 0})}`;let g=s.milestones.find(m=>m.id===o.step),h=(m,u,f)=>e`<button type="button" class="quiet" aria-label=${f} title=${f} aria-disabled=${m<1||m>O} @click=${()=>{m>=1&&m<=O&&r({...o,zoom:m})}}>${u}</button>`;return e`${p(s.title,[h(d/2,"−",l.zoomOut),h(d*2,"+",l.zoomIn)])} <div class="scroll" tabindex="0" role="region" aria-label=${l.chartSteps}>${G(t,s,i,o,m=>{m!==o.step&&r({...o,step:m})})}</div><div class="detail" role="status">${g?e`<strong dir="auto">${R(t,g,i)}</strong>${g.note?t.prose(g.note,i.host):c}${n.sources([g.source],i)}`:e`<p class="small">${l.chartSteps}</p>`}</div>`}function ot(t,o,i,{title:r,language:e,direction:c}){let{document:n}=o;n.title=r,n.documentElement.lang=e,n.documentElement.dir=c;let s=new o.CSSStyleSheet;s.replaceSync(B+H),n.adoptedStyleSheets=[s],t.render(i,n.body);for(let p of n.querySelectorAll("details"))p.open=!0;let d=[...n.images].map(p=>p.decode().catch(()=>{})),l=new Promise(p=>setTimeout(p,q));Promise.race([Promise.all(d),l]).then(()=>o.print())}export{G as chart,X as choices,tt as confirmation,B as css,et as large,ot as print};
