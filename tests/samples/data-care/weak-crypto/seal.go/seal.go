package seal

import "crypto/rc4"

func open(key []byte) (*rc4.Cipher, error) {
	return rc4.NewCipher(key)
}
