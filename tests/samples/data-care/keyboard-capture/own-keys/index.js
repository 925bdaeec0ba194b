export function attach(element, move) {
  element.addEventListener('keydown', (e) => {
    if (e.key === 'ArrowDown') move(1);
    if (e.key === 'ArrowUp') move(-1);
  });
}
