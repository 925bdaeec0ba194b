// No camera here: navigator.mediaDevices.getUserMedia({ video: true }) is what other modules do.
exports.play = (element) => element.play();
