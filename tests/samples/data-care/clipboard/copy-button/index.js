export const button = (b, n) => b.addEventListener('click', () => navigator.clipboard.writeText(String(n)));
