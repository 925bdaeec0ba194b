class Login {
  void keep(android.content.SharedPreferences p, String s) {
    p.edit().putString("user_password", s).apply();
  }
}
