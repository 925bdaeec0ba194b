module.exports = () => !process.env.TWIN_COLOURS
