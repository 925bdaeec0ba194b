module.exports = () => !process.env.DO_NOT_TRACK
