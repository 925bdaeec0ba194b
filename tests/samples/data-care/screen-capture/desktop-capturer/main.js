const { desktopCapturer } = require('electron');
module.exports = async () => {
  const sources = await desktopCapturer.getSources({ types: ['screen'] });
  return sources[0].thumbnail.toPNG();
};
