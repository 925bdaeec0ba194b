export function picture(canvas) {
  return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
}
export const file = (canvas) => canvas.toDataURL('image/png');
