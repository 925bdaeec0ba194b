import Foundation

func keep(_ s: String) {
  UserDefaults.standard.set(s, forKey: "accountPassword")
}
