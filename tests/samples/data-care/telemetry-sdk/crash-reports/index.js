module.exports = () => "twin"
