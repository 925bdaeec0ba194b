class Session {
  void open(String user, String userPassword) {
    System.out.println("open " + user + "/" + userPassword);
  }
}
