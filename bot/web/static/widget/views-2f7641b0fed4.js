var w=0,M="",k="";function U(){document.hasFocus()||(w||addEventListener("focus",G,{once:!0}),document.title!==k&&(M=document.title),w+=1,document.title=k=`(${w}) ${M}`)}function G(){document.title===k&&(document.title=M),w=0,k=""}var x={person:"Talk to a person",personTitle:"Talk to a person?",personText:"You are put on the team's list, and they can read this conversation. Somebody answers here in this chat.",personYes:"Ask for a person",personAsk:"I would like to talk to a person.",cancel:"Cancel",data:"What you know about me",dataAsk:"What do you know about me?",fresh:"New talk",freshAsk:"Start over",printTalk:"Print or save this talk",wider:"Larger window",narrower:"Smaller window",clear:"Delete chat",clearTitle:"Delete this chat?",clearText:"Everything you wrote and everything I answered is deleted for good, here and on the server, and so is a Telegram chat linked to it.",keep:"Keep it",remove:"Delete",soundOn:"Sound on new messages of the team",soundOff:"No more sound",chart:"Chart of the plan: {title}",chartSteps:"Steps of the plan. Choose one for its reason and source.",shut:"Close",zoomIn:"Zoom in",zoomOut:"Zoom out"};function _(t,e){try{return window[t].getItem(e)??""}catch{return""}}function E(t,e,r){try{r?window[t].setItem(e,r):window[t].removeItem(e)}catch{}}var y=t=>({...x,...t.strings}),I=864e5,N=28,O=42,Q=56,V=7.2,F=330,X=860,R=4,tt=()=>Math.max(F-50,Math.min(X,innerWidth-72)),et=2e3,ot=`
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
`,nt=`
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
`;function gt({html:t},e,{isTalking:r,isAwaiting:o,isWide:n},s,l){let a=y(e),i=(c,p)=>t`<li><button type="button" @click=${()=>{l(),p()}}>${c}</button></li>`;return t`<ul> ${i(a.person,s.person)} ${r?[i(a.data,()=>s.say(x.dataAsk)),i(a.fresh,()=>s.say(x.freshAsk)),i(a.printTalk,s.print)]:""} ${o?i($()?a.soundOff:a.soundOn,rt):""} ${n===void 0?"":i(n?a.narrower:a.wider,s.widen)} ${r?i(a.clear,s.clear):""}
  </ul>`}var W="rotation-chat-sound",$=()=>_("localStorage",W)!=="";function rt(){E("localStorage",W,$()?"":"on"),$()&&L()}function L(){let t=new AudioContext,e=new GainNode(t,{gain:.08});e.connect(t.destination),[660,880].forEach((r,o)=>{let n=new OscillatorNode(t,{frequency:r});n.connect(e),n.start(t.currentTime+o*.14),n.stop(t.currentTime+o*.14+.12),o&&(n.onended=()=>{t.close()})})}function ft({isSeen:t,isFramed:e}){$()&&!(t&&document.hasFocus())&&L(),e||U()}function ht({html:t,nothing:e},r,o,n){let s=y(r),l=(c,p,u)=>t`<button type="button" class=${p} @click=${()=>{n.no(),u()}}>${c}</button>`,a=(c,p,u,f)=>t`<h2 id="confirm-title">${c}</h2> ${p.map(m=>m?t`<p dir="auto">${m}</p>`:e)} <div><button type="button" class="quiet" autofocus @click=${n.no}>${u}</button>${f}</div>`;if(!o)return a(s.clearTitle,[s.clearText],s.keep,l(s.remove,"danger",n.clear));let i=o.is_staffed!==!1;return a(s.personTitle,[i&&s.personText,o.text],s.cancel,i?l(s.personYes,"main",()=>{n.awaitStaff(),n.say(x.personAsk)}):e)}var A=t=>Date.parse(`${t}T00:00:00Z`),Y=t=>/^\d{4}-\d\d-\d\d$/.test(t??"")&&!Number.isNaN(A(t??""));function it(t){return t.milestones.flatMap(e=>{let r=[e.earliest,e.latest].filter(Y).map(o=>A(o??"")).sort((o,n)=>o-n);return r.length?[{step:e,from:r[0],to:r[r.length-1]}]:[]})}function at(t,e,r,o,n){let{html:s,svg:l,nothing:a}=t,i=it(e);if(!i.length)return a;let c=o?tt():F,p=c*(o?.zoom??1),u=Y(e.computed)?[A(e.computed??"")]:[],f=Math.min(...u,...i.map(d=>d.from)),m=Math.max(...u,...i.map(d=>d.to),f+30*I),g=d=>8+(d-f)/(m-f)*(p-16),h=N+i.length*O,Z=t.fill(y(r).chart,{title:e.title});return s`<svg class="chart" viewBox="0 0 ${p} ${h}" width=${p} height=${h} role=${n?"group":"img"} aria-label=${Z}> ${st(f,m,p).map(({start:d,words:b})=>l`<line x1=${g(d)} x2=${g(d)} y1="20" y2=${h} /><text class="month" x=${g(d)+3} y="14">${b(r.language)}</text>`)} ${u.map(d=>l`<line class="now" x1=${g(d)} x2=${g(d)} y1="20" y2=${h} />`)} ${i.map(({step:d,from:b,to:z},q)=>{let v=N+q*O,D=t.parts.known(d.status??"on_track"),T=j(t,d,r),S=Math.floor(c/V),B=o&&T.length<=S?T:d.title.length>S?`${d.title.slice(0,S-1)}…`:d.title,H=z-b<I?l`<path class="bar ${D}" d="M${g(b)} ${v+21}l7 7-7 7-7-7z" />`:l`<rect class="bar ${D}" x=${g(b)} y=${v+23} width=${Math.max(g(z)-g(b),4)} height="10" rx="5" />`,P=l`<rect class="row" x="1" y=${v} width=${p-2} height=${O-2} rx="6" /><text x="4" y=${v+15}>${B}</text>${H}`;if(!n)return l`<g>${P}</g>`;let K=C=>{(C.key==="Enter"||C.key===" ")&&(C.preventDefault(),n(d.id))};return l`<g role="button" tabindex="0" aria-label=${T} aria-pressed=${o?.step===d.id} class=${o?.step===d.id?"chosen":""} @click=${()=>n(d.id)} @pointerenter=${()=>n(d.id)} @focus=${()=>n(d.id)} @keydown=${K}>${P}</g>`})}
  </svg>`}function j(t,e,r){let o=t.parts.period(e,r);return[e.title,e.estimated&&o?t.fill(r.strings.estimated,{date:o}):o,t.label(r.strings,e.status??"on_track")].filter(Boolean).join(" · ")}function st(t,e,r){let[o,n]=[new Date(t),new Date(e)],s=(n.getUTCFullYear()-o.getUTCFullYear())*12+n.getUTCMonth()-o.getUTCMonth(),l=[1,2,3,6,12,24,60,120,1200].find(i=>s/i*Q<=r)??12e3,a=[];for(let i=1;i<=s;i+=1){let c=new Date(Date.UTC(o.getUTCFullYear(),o.getUTCMonth()+i,1));if((c.getUTCFullYear()*12+c.getUTCMonth())%l)continue;let p=c.getUTCMonth()?{month:"short"}:{year:"numeric"};a.push({start:c.getTime(),words:u=>new Intl.DateTimeFormat(u,{...p,timeZone:"UTC"}).format(c)})}return a}function bt(t,e,r,o){let{html:n,nothing:s,parts:l}=t,{part:a,zoom:i}=e,c=y(r),p=(m,g=s)=>n`<div class="top"><h2 id="large-title" dir="auto">${m}</h2>${g} <button type="button" class="quiet" autofocus @click=${()=>o()}>${c.shut}</button></div>`;if(a.type==="comparison")return n`${p(c.comparison)}${l.comparison(a,{...r,enlarge:void 0})}`;let u=a.milestones.find(m=>m.id===e.step),f=(m,g,h)=>n`<button type="button" class="quiet" aria-label=${h} title=${h} aria-disabled=${m<1||m>R} @click=${()=>{m>=1&&m<=R&&o({...e,zoom:m})}}>${g}</button>`;return n`${p(a.title,[f(i/2,"−",c.zoomOut),f(i*2,"+",c.zoomIn)])} <div class="scroll" tabindex="0" role="region" aria-label=${c.chartSteps}>${at(t,a,r,e,m=>{m!==e.step&&o({...e,step:m})})}</div><div class="detail" role="status">${u?n`<strong dir="auto">${j(t,u,r)}</strong>${u.note?t.prose(u.note,r.host):s}${l.sources([u.source],r)}`:n`<p class="small">${c.chartSteps}</p>`}</div>`}function xt(t,e,r,{title:o,language:n,direction:s}){let{document:l}=e;l.title=o,l.documentElement.lang=n,l.documentElement.dir=s;let a=new e.CSSStyleSheet;a.replaceSync(ot+nt),l.adoptedStyleSheets=[a],t.render(r,l.body);for(let p of l.querySelectorAll("details"))p.open=!0;let i=[...l.images].map(p=>p.decode().catch(()=>{})),c=new Promise(p=>setTimeout(p,et));Promise.race([Promise.all(i),c]).then(()=>e.print())}export{at as chart,gt as choices,ht as confirmation,ot as css,bt as large,xt as print,ft as staffWrote};
