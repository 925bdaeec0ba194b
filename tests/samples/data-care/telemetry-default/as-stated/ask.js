module.exports = (prompt) => prompt('Would you like to share how you use twin?')
