export const play = (element, url) => { element.src = url; return element.play(); };
export const mute = (element) => { element.muted = true; };
