"""How the pages look: light and dark, wide and narrow, on paper."""

STYLE = """
:root{color-scheme:light dark;--ink:#1d2329;--quiet:#5b6670;--line:#dfe4e8;--ground:#fff;
--card:#f7f9fa;--link:#0b5cad;--critical:#b3261e;--warning:#9a6700;--info:#33698f}
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--quiet:#9aa7b2;--line:#333c45;
--ground:#14181c;--card:#1c2228;--link:#7ab7f5;--critical:#ff8a80;--warning:#e3b341;
--info:#86bce0}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:0 1rem 3rem;
color:var(--ink);background:var(--ground);overflow-wrap:anywhere}
a{color:var(--link)}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;padding:.8rem 0;
border-bottom:1px solid var(--line)}
header .home{font-weight:600;text-decoration:none;color:inherit}
header form{display:flex;gap:.4rem}
header form.find{flex:1 1 16rem}
input{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--quiet);
border-radius:.3rem;padding:.25rem .6rem;min-width:0;flex:1}
button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--quiet);
border-radius:.3rem;padding:.25rem .7rem;cursor:pointer}
h1{font-size:1.5rem;margin:1.4rem 0 .2rem}
h2{font-size:1.05rem;margin:1.8rem 0 .5rem}
.quiet,time{color:var(--quiet)}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0;margin:.8rem 0 0}
.chips a{display:block;border:1px solid var(--line);border-radius:1rem;padding:.05rem .7rem;
text-decoration:none}
article,.tone{border-left:.3rem solid var(--line);background:var(--card);border-radius:.25rem;
padding:.5rem .8rem;margin:.5rem 0}
article h3{font-size:1rem;margin:0}
article p{margin:.15rem 0 0}
.critical{border-left-color:var(--critical)}.warning{border-left-color:var(--warning)}
.info{border-left-color:var(--info)}
.critical b,.late b,b.late,b.critical{color:var(--critical)}
.warning b,b.warning{color:var(--warning)}
.info b,b.info{color:var(--info)}
ul.lines{list-style:none;padding:0;margin:0}
ul.lines>li{padding:.3rem 0;border-top:1px solid var(--line)}
ul.lines>li.tone{border-top:0;padding:.5rem .8rem}
ul.lines p{margin:.1rem 0 0;padding-left:1rem}
.gap::before{content:"! ";font-weight:600;color:var(--warning)}
.ends{color:var(--quiet)}.ends::before{content:"\\2192\\00a0"}
table{border-collapse:collapse;width:100%}
th{text-align:left;font-weight:normal;color:var(--quiet)}
.about th{white-space:nowrap;width:1%}
td,th{overflow-wrap:break-word;padding:.3rem .8rem .3rem 0;border-top:1px solid var(--line);
vertical-align:top}
form.key{display:grid;gap:.6rem;max-width:28rem;margin-top:1rem}
@media(max-width:34rem){.wide{display:none}}
@media print{header form,.chips{display:none}}
"""
