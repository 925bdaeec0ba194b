/* The seccomp filter: an allow-list. What it does not name fails with EPERM, as libraries expect who only try; what nobody here
 * ever calls, and an intruder would, ends the process. Putting it together takes a millisecond, so that is done once for each of
 * its shapes, and whoever forks boxed processes does it before. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box/parts.h"

#define CALL(name) SCMP_SYS(name)

/* Where the process's own number belongs in a program that was put together before it had one; no process has such a number. */
#define OWN_PID UINT32_C(0x5b0b17ee)

enum { SHAPES = 4, PROGRAM_MOST = 4096 /* instructions: what the kernel takes */ };

typedef struct program {
	struct sock_filter *at; /* NULL: not made yet */
	unsigned short n;
} program;

/* Memory, time, waiting, and descriptors that are held already. */
static const int allowed[] = {
    CALL(munmap),
    CALL(mremap),
    CALL(madvise),
    CALL(brk),
    CALL(futex),
    CALL(sched_yield),
    CALL(set_robust_list),
    CALL(rseq),
    CALL(clock_gettime),
    CALL(clock_getres),
    CALL(gettimeofday),
    CALL(time),
    CALL(nanosleep),
    CALL(clock_nanosleep),
    CALL(getrusage),
    CALL(times),
    CALL(read),
    CALL(readv),
    CALL(pread64),
    CALL(write),
    CALL(writev),
    CALL(pwrite64),
    CALL(sendmsg),
    CALL(recvmsg),
    CALL(sendto),
    CALL(recvfrom),
    CALL(shutdown),
    CALL(poll),
    CALL(ppoll),
    CALL(select),
    CALL(pselect6),
    CALL(lseek),
    CALL(close),
    CALL(fstat),
    CALL(rt_sigaction),
    CALL(rt_sigprocmask),
    CALL(rt_sigreturn),
    CALL(sigaltstack),
    CALL(restart_syscall),
    CALL(getpid),
    CALL(gettid),
    CALL(getppid),
    CALL(getuid),
    CALL(geteuid),
    CALL(getgid),
    CALL(getegid),
    CALL(getrandom),
    CALL(sched_getaffinity),
    CALL(sysinfo),
    CALL(uname),
    CALL(exit),
    CALL(exit_group),
};

/* Files; where they may lie is Landlock's matter. */
static const int allowed_files[] = {
    CALL(open),       CALL(openat),       CALL(creat),      CALL(unlink),     CALL(unlinkat),
    CALL(mkdir),      CALL(mkdirat),      CALL(rmdir),      CALL(rename),     CALL(renameat),
    CALL(renameat2),  CALL(stat),         CALL(lstat),      CALL(newfstatat), CALL(statx),
    CALL(access),     CALL(faccessat),    CALL(faccessat2), CALL(getdents64), CALL(readlink),
    CALL(readlinkat), CALL(ftruncate),    CALL(fallocate),  CALL(fadvise64),  CALL(chmod),
    CALL(fchmod),     CALL(fchmodat),     CALL(umask),      CALL(getcwd),     CALL(fsync),
    CALL(fdatasync),  CALL(flock),        CALL(dup),        CALL(dup2),       CALL(dup3),
    CALL(fcntl),      CALL(statfs),       CALL(fstatfs),    CALL(utimensat),  CALL(copy_file_range),
    CALL(sendfile),   CALL(memfd_create), CALL(msync),
};

/* Files in memory. */
static const int allowed_memfd[] = {
    CALL(memfd_create),
    CALL(ftruncate),
};

/* What connects needs; which families of sockets there are is judged below. */
static const int allowed_network[] = {
    CALL(connect),     CALL(socketpair),  CALL(getsockname), CALL(getpeername),   CALL(getsockopt),    CALL(setsockopt),
    CALL(sendmmsg),    CALL(recvmmsg),    CALL(ioctl),       CALL(pipe2),         CALL(eventfd2),      CALL(epoll_create1),
    CALL(epoll_ctl),   CALL(epoll_wait),  CALL(epoll_pwait), CALL(bind), /* the resolver's netlink socket; TCP: Landlock */
};

/* Deadly but for who has a network. */
static const int deadly_outside[] = {
    CALL(socket),
    CALL(socketpair),
    CALL(connect),
    CALL(bind),
};

static const int deadly[] = {
    CALL(execve),
    CALL(execveat),
    CALL(fork),
    CALL(vfork),
    CALL(listen),
    CALL(accept),
    CALL(accept4),
    CALL(ptrace),
    CALL(process_vm_readv),
    CALL(process_vm_writev),
    CALL(process_madvise),
    CALL(pidfd_getfd),
    CALL(io_uring_setup),
    CALL(io_uring_enter),
    CALL(io_uring_register),
    CALL(bpf),
    CALL(userfaultfd),
    CALL(perf_event_open),
    CALL(keyctl),
    CALL(add_key),
    CALL(request_key),
    CALL(mount),
    CALL(umount2),
    CALL(fsopen),
    CALL(open_tree),
    CALL(move_mount),
    CALL(pivot_root),
    CALL(chroot),
    CALL(unshare),
    CALL(setns),
    CALL(init_module),
    CALL(finit_module),
    CALL(delete_module),
    CALL(kexec_load),
    CALL(kexec_file_load),
    CALL(open_by_handle_at),
    CALL(name_to_handle_at),
    CALL(reboot),
    CALL(swapon),
    CALL(setuid),
    CALL(setgid),
    CALL(setreuid),
    CALL(setregid),
    CALL(setresuid),
    CALL(setresgid),
    CALL(setgroups),
    CALL(capset),
    CALL(personality),
    CALL(mknod),
    CALL(mknodat),
    CALL(modify_ldt),
};

bool pb_filter_possible(void)
{
	uint32_t kill = SECCOMP_RET_KILL_PROCESS;
	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &kill) == 0;
}

static int add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
	int rc = 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = seccomp_rule_add(f, action, calls[i], 0);
	return rc;
}

/* Calls that are judged by what they ask for. */
static int add_judged(scmp_filter_ctx f, bool folder, bool memfd)
{
	/* The last one is for who makes files in memory. */
	static const unsigned questions[] = {F_GETFD, F_SETFD, F_GETFL, F_GET_SEALS, F_ADD_SEALS};
	int rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	/* abort() signals itself. */
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(tgkill), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, OWN_PID));
	/* A new process; a thread fails only. clone3 has its flags in memory, where no filter looks: the C library falls back
	 * to clone. */
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, CALL(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), CALL(clone3), 0);
	if (folder)
		return rc;
	/* fstat() of glibc. */
	if (!rc)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(newfstatat), 1,
		                      SCMP_A3(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH));
	const size_t n = sizeof questions / sizeof *questions - (memfd ? 0 : 1);
	for (size_t i = 0; i < n && !rc; i++)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(fcntl), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, questions[i]));
	return rc;
}

static int add_sockets(scmp_filter_ctx f)
{
	static const unsigned families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
	int rc = add_all(f, SCMP_ACT_ALLOW, allowed_network, sizeof allowed_network / sizeof *allowed_network);
	for (size_t i = 0; i < sizeof families / sizeof *families && !rc; i++)
		rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, CALL(socket), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, families[i]));
	return rc;
}

/* All rules, in libseccomp's own form; NULL with *rc. */
static scmp_filter_ctx rules_of(bool folder, bool memfd, bool network, int *rc)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	*rc = -ENOMEM;
	if (!f)
		return NULL;
	*rc = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS); /* 32-bit calls have other numbers */
	if (!*rc)
		*rc = seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE,
		                       2); /* a tree: the cost of a call does not depend on its place above */
	if (!*rc)
		*rc = add_all(f, SCMP_ACT_ALLOW, allowed, sizeof allowed / sizeof *allowed);
	if (!*rc && folder)
		*rc = add_all(f, SCMP_ACT_ALLOW, allowed_files, sizeof allowed_files / sizeof *allowed_files);
	if (!*rc && memfd && !folder)
		*rc = add_all(f, SCMP_ACT_ALLOW, allowed_memfd, sizeof allowed_memfd / sizeof *allowed_memfd);
	if (!*rc)
		*rc = add_all(f, SCMP_ACT_KILL_PROCESS, deadly, sizeof deadly / sizeof *deadly);
	if (!*rc)
		*rc = network ? add_sockets(f) : add_all(f, SCMP_ACT_KILL_PROCESS, deadly_outside, sizeof deadly_outside / sizeof *deadly_outside);
	if (!*rc)
		*rc = add_judged(f, folder, memfd);
	if (*rc) {
		seccomp_release(f);
		return NULL;
	}
	return f;
}

/* libseccomp hands its program out through a descriptor only. */
static int take_out(scmp_filter_ctx f, program *out)
{
	int fd = memfd_create("probity-filter", MFD_CLOEXEC), rc = fd < 0 ? -errno : seccomp_export_bpf(f, fd);
	struct stat st = {0};
	if (!rc && (fstat(fd, &st) != 0 || st.st_size <= 0 || (size_t)st.st_size % sizeof *out->at != 0 ||
	            (size_t)st.st_size / sizeof *out->at > PROGRAM_MOST))
		rc = -EINVAL;
	if (!rc && !(out->at = malloc((size_t)st.st_size)))
		rc = -ENOMEM;
	if (!rc && pread(fd, out->at, (size_t)st.st_size, 0) != st.st_size) {
		free(out->at);
		out->at = NULL;
		rc = -EIO;
	}
	out->n = rc ? 0 : (unsigned short)((size_t)st.st_size / sizeof *out->at);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* The program of this shape, made where it is missing; NULL with *rc. */
static const program *program_of(bool folder, bool memfd, bool network, int *rc)
{
	static program made[SHAPES];
	program *p = &made[folder ? network ? 3 : 2 : memfd ? 1 : 0];
	*rc = 0;
	if (p->at)
		return p;
	scmp_filter_ctx f = rules_of(folder, memfd, folder && network, rc);
	if (!f)
		return NULL;
	*rc = take_out(f, p);
	seccomp_release(f);
	return *rc ? NULL : p;
}

void pb_filter_warm(void)
{
	int rc;
	if (!pb_filter_possible())
		return;
	(void)program_of(false, false, false, &rc); /* what fails here fails again, and is told, when it is needed */
	(void)program_of(false, true, false, &rc);
	(void)program_of(true, false, false, &rc);
}

void pb_filter_warm_network(void)
{
	int rc;
	if (pb_filter_possible())
		(void)program_of(true, false, true, &rc);
}

/* In place of OWN_PID. Every use of it must be met: a program that lets nobody signal himself would hide what abort() says. */
static bool put_pid(struct sock_filter *at, size_t n, uint32_t pid)
{
	size_t met = 0;
	for (size_t i = 0; i < n; i++)
		if (at[i].code == (BPF_JMP | BPF_JEQ | BPF_K) && at[i].k == OWN_PID) {
			at[i].k = pid;
			met++;
		}
	return met > 0;
}

int pb_wall_filter(const pb_box_limits *limits, pb_error *err)
{
	static struct sock_filter own[PROGRAM_MOST];
	int rc;
	const program *p = program_of(limits->folder != NULL || limits->network, limits->memfd, limits->network, &rc);
	if (!p)
		return pb_fail(err, rc == -ENOMEM ? PB_ENOMEM : PB_EIO, "box: seccomp: %s", strerror(-rc));
	memcpy(own, p->at, p->n * sizeof *own);
	if (!put_pid(own, p->n, (uint32_t)getpid()))
		return pb_fail(err, PB_EINTERNAL, "box: seccomp: the filter has no place for the number of its process");
	struct sock_fprog prog = {.len = p->n, .filter = own};
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) != 0)
		return pb_fail(err, PB_EIO, "box: seccomp: %s", strerror(errno));
	return 0;
}
