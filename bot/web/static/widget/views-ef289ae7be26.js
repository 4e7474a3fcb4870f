var y=0,D="",k="";function I(){document.hasFocus()||(y||addEventListener("focus",G,{once:!0}),document.title!==k&&(D=document.title),y+=1,document.title=k=`(${y}) ${D}`)}function G(){document.title===k&&(document.title=D),y=0,k=""}var v={person:"Talk to a person",personTitle:"Talk to a person?",personText:"You are put on the team's list, and they can read this conversation. Somebody answers here in this chat.",personYes:"Ask for a person",personAsk:"I would like to talk to a person.",cancel:"Cancel",data:"What you know about me",dataAsk:"What do you know about me?",fresh:"New talk",freshAsk:"Start over",printTalk:"Print or save this talk",wider:"Larger window",narrower:"Smaller window",clear:"Delete chat",clearTitle:"Delete this chat?",clearText:"Everything you wrote and everything I answered is deleted for good, here and on the server, and so is a Telegram chat linked to it.",keep:"Keep it",remove:"Delete",soundOn:"Sound on new messages of the team",soundOff:"No more sound",chart:"Chart of the plan: {title}",chartSteps:"Steps of the plan. Choose one for its reason and source.",shut:"Close",zoomIn:"Zoom in",zoomOut:"Zoom out"};function _(t,e){try{return window[t].getItem(e)??""}catch{return""}}function E(t,e,n){try{n?window[t].setItem(e,n):window[t].removeItem(e)}catch{}}var T=t=>({...v,...t.strings}),N=864e5,R=28,O=42,Q=56,V=7.2,W=330,X=860,F=4,tt=()=>Math.max(W-50,Math.min(X,innerWidth-72)),et=2e3,ot=`
  .menu ul { position: absolute; z-index: 1; inset-block-start: 100%; inset-inline-end: 0; width: max-content; padding: 6px; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); box-shadow: 0 8px 24px rgb(0 20 30 / 25%); }
  .menu li button { width: 100%; min-height: 44px; padding: 6px 14px; border: 0; border-radius: 8px; background: none; text-align: start; }
  .menu li button:hover { background: var(--tint); }
  .confirm { position: fixed; margin: auto; max-width: min(24em, calc(100vw - 32px)); padding: 20px; border: 1px solid var(--line); border-radius: 16px; background: var(--panel); color: var(--text); }
  .confirm::backdrop { background: rgb(0 20 25 / 50%); }
  .confirm h2 { font-weight: 650; }
  .confirm p { margin-top: 6px; }
  .confirm > :last-child { display: flex; flex-wrap: wrap; gap: 8px; justify-content: flex-end; margin-top: 18px; }
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
`;function ut({html:t},e,{isTalking:n,isAwaiting:o,isWide:r},p,i){let s=T(e),a=(d,c)=>t`<li><button type="button" @click=${()=>{i(),c()}}>${d}</button></li>`;return t`<ul> ${a(s.person,p.person)} ${n?[a(s.data,()=>p.say(v.dataAsk)),a(s.fresh,()=>p.say(v.freshAsk)),a(s.printTalk,p.print)]:""} ${o?a($()?s.soundOff:s.soundOn,rt):""} ${r===void 0?"":a(r?s.narrower:s.wider,p.widen)} ${n?a(s.clear,p.clear):""}
  </ul>`}var L="rotation-chat-sound",$=()=>_("localStorage",L)!=="";function rt(){E("localStorage",L,$()?"":"on"),$()&&Y()}function Y(){let t=new AudioContext,e=new GainNode(t,{gain:.08});e.connect(t.destination),[660,880].forEach((n,o)=>{let r=new OscillatorNode(t,{frequency:n});r.connect(e),r.start(t.currentTime+o*.14),r.stop(t.currentTime+o*.14+.12),o&&(r.onended=()=>{t.close()})})}function ft({isSeen:t,isFramed:e}){$()&&!(t&&document.hasFocus())&&Y(),e||I()}function ht(t,e,n,o){let{html:r,nothing:p}=t,i=T(e),s=(g,h,x)=>r`<button type="button" class=${h} @click=${()=>{o.no(),x()}}>${g}</button>`,a=(g,h,x,l)=>r`<h2 id="confirm-title">${g}</h2> ${h.map(b=>b?t.prose(b,e.host):p)} <div><button type="button" class="quiet" autofocus @click=${o.no}>${x}</button>${l}</div>`;if(!n)return a(i.clearTitle,[i.clearText],i.keep,s(i.remove,"danger",o.clear));let d=n.is_staffed!==!1,{text:c="",key:u,values:f={}}=n,m=f.moment?new Intl.DateTimeFormat(e.language,{dateStyle:"full",timeStyle:"short",timeZone:"UTC"}).format(new Date(`${f.moment}Z`)):"";return a(i.personTitle,[d&&i.personText,t.translated(e.strings,{text:c,key:u,values:{...f,when:m}})],i.cancel,d?s(i.personYes,"main",()=>{o.awaitStaff(),o.say(v.personAsk)}):p)}var A=t=>Date.parse(`${t}T00:00:00Z`),Z=t=>/^\d{4}-\d\d-\d\d$/.test(t??"")&&!Number.isNaN(A(t??""));function it(t){return t.milestones.flatMap(e=>{let n=[e.earliest,e.latest].filter(Z).map(o=>A(o??"")).sort((o,r)=>o-r);return n.length?[{step:e,from:n[0],to:n[n.length-1]}]:[]})}function at(t,e,n,o,r){let{html:p,svg:i,nothing:s}=t,a=it(e);if(!a.length)return s;let d=o?tt():W,c=d*(o?.zoom??1),u=Z(e.computed)?[A(e.computed??"")]:[],f=Math.min(...u,...a.map(l=>l.from)),m=Math.max(...u,...a.map(l=>l.to),f+30*N),g=l=>8+(l-f)/(m-f)*(c-16),h=R+a.length*O,x=t.fill(T(n).chart,{title:e.title});return p`<svg class="chart" viewBox="0 0 ${c} ${h}" width=${c} height=${h} role=${r?"group":"img"} aria-label=${x}> ${st(f,m,c).map(({start:l,words:b})=>i`<line x1=${g(l)} x2=${g(l)} y1="20" y2=${h} /><text class="month" x=${g(l)+3} y="14">${b(n.language)}</text>`)} ${u.map(l=>i`<line class="now" x1=${g(l)} x2=${g(l)} y1="20" y2=${h} />`)} ${a.map(({step:l,from:b,to:z},q)=>{let w=R+q*O,P=t.parts.known(l.status??"on_track"),S=j(t,l,n),C=Math.floor(d/V),B=o&&S.length<=C?S:l.title.length>C?`${l.title.slice(0,C-1)}…`:l.title,H=z-b<N?i`<path class="bar ${P}" d="M${g(b)} ${w+21}l7 7-7 7-7-7z" />`:i`<rect class="bar ${P}" x=${g(b)} y=${w+23} width=${Math.max(g(z)-g(b),4)} height="10" rx="5" />`,U=i`<rect class="row" x="1" y=${w} width=${c-2} height=${O-2} rx="6" /><text x="4" y=${w+15}>${B}</text>${H}`;if(!r)return i`<g>${U}</g>`;let K=M=>{(M.key==="Enter"||M.key===" ")&&(M.preventDefault(),r(l.id))};return i`<g role="button" tabindex="0" aria-label=${S} aria-pressed=${o?.step===l.id} class=${o?.step===l.id?"chosen":""} @click=${()=>r(l.id)} @pointerenter=${()=>r(l.id)} @focus=${()=>r(l.id)} @keydown=${K}>${U}</g>`})}
  </svg>`}function j(t,e,n){let o=t.parts.period(e,n);return[e.title,e.estimated&&o?t.fill(n.strings.estimated,{date:o}):o,t.label(n.strings,e.status??"on_track")].filter(Boolean).join(" · ")}function st(t,e,n){let[o,r]=[new Date(t),new Date(e)],p=(r.getUTCFullYear()-o.getUTCFullYear())*12+r.getUTCMonth()-o.getUTCMonth(),i=[1,2,3,6,12,24,60,120,1200].find(a=>p/a*Q<=n)??12e3,s=[];for(let a=1;a<=p;a+=1){let d=new Date(Date.UTC(o.getUTCFullYear(),o.getUTCMonth()+a,1));if((d.getUTCFullYear()*12+d.getUTCMonth())%i)continue;let c=d.getUTCMonth()?{month:"short"}:{year:"numeric"};s.push({start:d.getTime(),words:u=>new Intl.DateTimeFormat(u,{...c,timeZone:"UTC"}).format(d)})}return s}function bt(t,e,n,o){let{html:r,nothing:p,parts:i}=t,{part:s,zoom:a}=e,d=T(n),c=(m,g=p)=>r`<div class="top"><h2 id="large-title" dir="auto">${m}</h2>${g} <button type="button" class="quiet" autofocus @click=${()=>o()}>${d.shut}</button></div>`;if(s.type==="comparison")return r`${c(d.comparison)}${i.comparison(s,{...n,enlarge:void 0})}`;let u=s.milestones.find(m=>m.id===e.step),f=(m,g,h)=>r`<button type="button" class="quiet" aria-label=${h} title=${h} aria-disabled=${m<1||m>F} @click=${()=>{m>=1&&m<=F&&o({...e,zoom:m})}}>${g}</button>`;return r`${c(s.title,[f(a/2,"−",d.zoomOut),f(a*2,"+",d.zoomIn)])} <div class="scroll" tabindex="0" role="region" aria-label=${d.chartSteps}>${at(t,s,n,e,m=>{m!==e.step&&o({...e,step:m})})}</div><div class="detail" role="status">${u?r`<strong dir="auto">${j(t,u,n)}</strong>${u.note?t.prose(u.note,n.host):p}${i.sources([u.source],n)}`:r`<p class="small">${d.chartSteps}</p>`}</div>`}function xt(t,e,n,{title:o,language:r,direction:p}){let{document:i}=e;i.title=o,i.documentElement.lang=r,i.documentElement.dir=p;let s=new e.CSSStyleSheet;s.replaceSync(ot+nt),i.adoptedStyleSheets=[s],t.render(n,i.body);for(let c of i.querySelectorAll("details"))c.open=!0;let a=[...i.images].map(c=>c.decode().catch(()=>{})),d=new Promise(c=>setTimeout(c,et));Promise.race([Promise.all(a),d]).then(()=>e.print())}export{at as chart,ut as choices,ht as confirmation,ot as css,bt as large,xt as print,ft as staffWrote};
