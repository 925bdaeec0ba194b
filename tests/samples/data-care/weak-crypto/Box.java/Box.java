import javax.crypto.Cipher;

class Box {
  Cipher open() throws Exception {
    return Cipher.getInstance("DES/CBC/PKCS5Padding");
  }
}
