class Old {
  // was Cipher.getInstance("DES")
  int x;
}
