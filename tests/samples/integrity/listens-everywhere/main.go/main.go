package main

import "net"

func main() {
	l, _ := net.Listen("tcp", "0.0.0.0:7000")
	l.Close()
}
