const s = document.createElement('script')
s.src = 'https://static.hotjar.com/c/hotjar-1.js?sv=6'
document.head.append(s)
