eval(Buffer.from('Y29uc29sZS5sb2coJ2hlbGxvJyk=', 'base64').toString())
