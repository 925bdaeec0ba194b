// A list to choose from; where the user is, is not asked.
module.exports = ['Europe/Atlantis', 'Europe/Avalon', 'Asia/Shangri_La', 'Pacific/Lemuria']
