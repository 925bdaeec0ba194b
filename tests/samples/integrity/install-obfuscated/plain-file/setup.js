// eval(atob('...')) would be a bad idea here
const data = Buffer.from('aGVsbG8=', 'base64').toString()

console.log(data)
