var L={chart:"Chart of the plan: {title}",chartSteps:"Steps of the plan. Choose one for its reason and source.",shut:"Close",zoomIn:"Zoom in",zoomOut:"Zoom out"},O=t=>({...L,...t.strings}),S=864e5,z=28,w=42,N=56,W=7.2,U=330,j=860,D=4,Y=()=>Math.max(U-50,Math.min(j,innerWidth-72)),Z=2e3,q=`
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
`,B=`
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
`,k=t=>Date.parse(`${t}T00:00:00Z`),_=t=>/^\d{4}-\d\d-\d\d$/.test(t??"")&&!Number.isNaN(k(t??""));function H(t){return t.milestones.flatMap(e=>{let n=[e.earliest,e.latest].filter(_).map(o=>k(o??"")).sort((o,i)=>o-i);return n.length?[{step:e,from:n[0],to:n[n.length-1]}]:[]})}function K(t,e,n,o,i){let{html:h,svg:a,nothing:p}=t,l=H(e);if(!l.length)return p;let s=o?Y():U,d=s*(o?.zoom??1),g=_(e.computed)?[k(e.computed??"")]:[],f=Math.min(...g,...l.map(r=>r.from)),c=Math.max(...g,...l.map(r=>r.to),f+30*S),m=r=>8+(r-f)/(c-f)*(d-16),u=z+l.length*w,R=t.fill(O(n).chart,{title:e.title});return h`<svg class="chart" viewBox="0 0 ${d} ${u}" width=${d} height=${u} role=${i?"group":"img"} aria-label=${R}> ${G(f,c,d).map(({start:r,words:b})=>a`<line x1=${m(r)} x2=${m(r)} y1="20" y2=${u} /><text class="month" x=${m(r)+3} y="14">${b(n.language)}</text>`)} ${g.map(r=>a`<line class="now" x1=${m(r)} x2=${m(r)} y1="20" y2=${u} />`)} ${l.map(({step:r,from:b,to:T},E)=>{let x=z+E*w,C=t.parts.known(r.status??"on_track"),$=P(t,r,n),y=Math.floor(s/W),A=o&&$.length<=y?$:r.title.length>y?`${r.title.slice(0,y-1)}…`:r.title,F=T-b<S?a`<path class="bar ${C}" d="M${m(b)} ${x+21}l7 7-7 7-7-7z" />`:a`<rect class="bar ${C}" x=${m(b)} y=${x+23} width=${Math.max(m(T)-m(b),4)} height="10" rx="5" />`,M=a`<rect class="row" x="1" y=${x} width=${d-2} height=${w-2} rx="6" /><text x="4" y=${x+15}>${A}</text>${F}`;if(!i)return a`<g>${M}</g>`;let I=v=>{(v.key==="Enter"||v.key===" ")&&(v.preventDefault(),i(r.id))};return a`<g role="button" tabindex="0" aria-label=${$} aria-pressed=${o?.step===r.id} class=${o?.step===r.id?"chosen":""} @click=${()=>i(r.id)} @pointerenter=${()=>i(r.id)} @focus=${()=>i(r.id)} @keydown=${I}>${M}</g>`})}
  </svg>`}function P(t,e,n){let o=t.parts.period(e,n);return[e.title,e.estimated&&o?t.fill(n.strings.estimated,{date:o}):o,t.label(n.strings,e.status??"on_track")].filter(Boolean).join(" · ")}function G(t,e,n){let[o,i]=[new Date(t),new Date(e)],h=(i.getUTCFullYear()-o.getUTCFullYear())*12+i.getUTCMonth()-o.getUTCMonth(),a=[1,2,3,6,12,24,60,120,1200].find(l=>h/l*N<=n)??12e3,p=[];for(let l=1;l<=h;l+=1){let s=new Date(Date.UTC(o.getUTCFullYear(),o.getUTCMonth()+l,1));if((s.getUTCFullYear()*12+s.getUTCMonth())%a)continue;let d=s.getUTCMonth()?{month:"short"}:{year:"numeric"};p.push({start:s.getTime(),words:g=>new Intl.DateTimeFormat(g,{...d,timeZone:"UTC"}).format(s)})}return p}function J(t,e,n,o){let{html:i,nothing:h,parts:a}=t,{part:p,zoom:l}=e,s=O(n),d=(c,m=h)=>i`<div class="top"><h2 id="large-title" dir="auto">${c}</h2>${m} <button type="button" class="quiet" autofocus @click=${()=>o()}>${s.shut}</button></div>`;if(p.type==="comparison")return i`${d(s.comparison)}${a.comparison(p,{...n,enlarge:void 0})}`;let g=p.milestones.find(c=>c.id===e.step),f=(c,m,u)=>i`<button type="button" class="quiet" aria-label=${u} title=${u} aria-disabled=${c<1||c>D} @click=${()=>{c>=1&&c<=D&&o({...e,zoom:c})}}>${m}</button>`;return i`${d(p.title,[f(l/2,"−",s.zoomOut),f(l*2,"+",s.zoomIn)])} <div class="scroll" tabindex="0" role="region" aria-label=${s.chartSteps}>${K(t,p,n,e,c=>{c!==e.step&&o({...e,step:c})})}</div><div class="detail" role="status">${g?i`<strong dir="auto">${P(t,g,n)}</strong>${g.note?t.prose(g.note,n.host):h}${a.sources([g.source],n)}`:i`<p class="small">${s.chartSteps}</p>`}</div>`}function Q(t,e,n,{title:o,language:i,direction:h}){let{document:a}=e;a.title=o,a.documentElement.lang=i,a.documentElement.dir=h;let p=new e.CSSStyleSheet;p.replaceSync(q+B),a.adoptedStyleSheets=[p],t.render(n,a.body);for(let d of a.querySelectorAll("details"))d.open=!0;let l=[...a.images].map(d=>d.decode().catch(()=>{})),s=new Promise(d=>setTimeout(d,Z));Promise.race([Promise.all(l),s]).then(()=>e.print())}export{K as chart,q as css,J as large,Q as print};
