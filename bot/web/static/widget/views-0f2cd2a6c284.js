var A=()=>Math.max(280,Math.min(860,innerWidth-72));var E=`
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
  @media (forced-colors: active) { .chart .bar { fill: CanvasText; } .chart line { stroke: CanvasText; } }
`,W=`
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
`,v=e=>Date.parse(`${e}T00:00:00Z`),O=e=>/^\d{4}-\d\d-\d\d$/.test(e??"")&&!Number.isNaN(v(e??""));function U(e){return e.milestones.flatMap(t=>{let n=[t.earliest,t.latest].filter(O).map(o=>v(o??"")).sort((o,i)=>o-i);return n.length?[{step:t,from:n[0],to:n[n.length-1]}]:[]})}function N(e,t,n,o,i){let{html:h,svg:a,nothing:m}=e,l=U(t);if(!l.length)return m;let s=o?A():330,c=s*(o?.zoom??1),g=O(t.computed)?[v(t.computed??"")]:[],f=Math.min(...g,...l.map(r=>r.from)),d=Math.max(...g,...l.map(r=>r.to),f+30*864e5),p=r=>8+(r-f)/(d-f)*(c-16),u=28+l.length*42,D=e.fill(n.strings.chart,{title:t.title});return h`<svg class="chart" viewBox="0 0 ${c} ${u}" width=${c} height=${u} role=${i?"group":"img"} aria-label=${D}> ${P(f,d,c).map(({start:r,words:b})=>a`<line x1=${p(r)} x2=${p(r)} y1="20" y2=${u} /><text class="month" x=${p(r)+3} y="14">${b(n.language)}</text>`)} ${g.map(r=>a`<line class="now" x1=${p(r)} x2=${p(r)} y1="20" y2=${u} />`)} ${l.map(({step:r,from:b,to:w},R)=>{let $=28+R*42,k=e.parts.known(r.status??"on_track"),x=S(e,r,n),y=Math.floor(s/7.2),_=o&&x.length<=y?x:r.title.length>y?`${r.title.slice(0,y-1)}…`:r.title,C=w-b<864e5?a`<path class="bar ${k}" d="M${p(b)} ${$+21}l7 7-7 7-7-7z" />`:a`<rect class="bar ${k}" x=${p(b)} y=${$+23} width=${Math.max(p(w)-p(b),4)} height="10" rx="5" />`,M=a`<rect class="row" x="1" y=${$} width=${c-2} height=${40} rx="6" /><text x="4" y=${$+15}>${_}</text>${C}`;if(!i)return a`<g>${M}</g>`;let z=T=>{(T.key==="Enter"||T.key===" ")&&(T.preventDefault(),i(r.id))};return a`<g role="button" tabindex="0" aria-label=${x} aria-pressed=${o?.step===r.id} class=${o?.step===r.id?"chosen":""} @click=${()=>i(r.id)} @pointerenter=${()=>i(r.id)} @focus=${()=>i(r.id)} @keydown=${z}>${M}</g>`})}
  </svg>`}function S(e,t,n){let o=e.parts.period(t,n);return[t.title,t.estimated&&o?e.fill(n.strings.estimated,{date:o}):o,e.label(n.strings,t.status??"on_track")].filter(Boolean).join(" · ")}function P(e,t,n){let[o,i]=[new Date(e),new Date(t)],h=(i.getUTCFullYear()-o.getUTCFullYear())*12+i.getUTCMonth()-o.getUTCMonth(),a=[1,2,3,6,12,24,60,120,1200].find(l=>h/l*56<=n)??12e3,m=[];for(let l=1;l<=h;l+=1){let s=new Date(Date.UTC(o.getUTCFullYear(),o.getUTCMonth()+l,1));if((s.getUTCFullYear()*12+s.getUTCMonth())%a)continue;let c=s.getUTCMonth()?{month:"short"}:{year:"numeric"};m.push({start:s.getTime(),words:g=>new Intl.DateTimeFormat(g,{...c,timeZone:"UTC"}).format(s)})}return m}function L(e,t,n,o){let{html:i,nothing:h,parts:a}=e,{part:m,zoom:l}=t,s=n.strings,c=(d,p=h)=>i`<div class="top"><h2 id="large-title" dir="auto">${d}</h2>${p} <button type="button" class="quiet" autofocus @click=${()=>o()}>${s.shut}</button></div>`;if(m.type==="comparison")return i`${c(s.comparison)}${a.comparison(m,{...n,enlarge:void 0})}`;let g=m.milestones.find(d=>d.id===t.step),f=(d,p,u)=>i`<button type="button" class="quiet" aria-label=${u} title=${u} aria-disabled=${d<1||d>4} @click=${()=>{d>=1&&d<=4&&o({...t,zoom:d})}}>${p}</button>`;return i`${c(m.title,[f(l/2,"−",s.zoomOut),f(l*2,"+",s.zoomIn)])} <div class="scroll" tabindex="0" role="region" aria-label=${s.chartSteps}>${N(e,m,n,t,d=>{d!==t.step&&o({...t,step:d})})}</div><div class="detail" role="status">${g?i`<strong dir="auto">${S(e,g,n)}</strong>${g.note?e.prose(g.note,n.host):h}${a.origin(g.source,n)}`:i`<p class="small">${s.chartSteps}</p>`}</div>`}function H(e,t,n,{title:o,language:i,direction:h}){let{document:a}=t;a.title=o,a.documentElement.lang=i,a.documentElement.dir=h;let m=new t.CSSStyleSheet;m.replaceSync(E+W),a.adoptedStyleSheets=[m],e.render(n,a.body);for(let c of a.querySelectorAll("details"))c.open=!0;let l=[...a.images].map(c=>c.decode().catch(()=>{})),s=new Promise(c=>setTimeout(c,2e3));Promise.race([Promise.all(l),s]).then(()=>t.print())}export{N as chart,E as css,L as large,H as print};
