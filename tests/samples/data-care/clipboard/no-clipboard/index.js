exports.count = (text) => text.split(/\s+/).length;
