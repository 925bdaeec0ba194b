/* Landlock through raw system calls: Debian 12 has neither a wrapper nor all of the constants. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "box/parts.h"

/* struct landlock_ruleset_attr as of ABI 6; an older kernel takes its beginning. */
typedef struct ruleset {
	uint64_t fs, net, scoped;
} ruleset;

enum { NET_ALL = 3 /* bind and connect of TCP */, NET_BIND = 1, SCOPED_ALL = 3 /* abstract sockets, signals */ };

#define FS_REFER     (UINT64_C(1) << 13) /* ABI 2: rename and link from folder to folder */
#define FS_TRUNCATE  (UINT64_C(1) << 14) /* ABI 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* ABI 5 */
#define FS_FIRST     ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/* What may be done in the one folder: plain files and folders come and go. No program, no device, no socket, no link. */
#define FS_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_FOLDER                                                                                                              \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |                          \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |                        \
	 LANDLOCK_ACCESS_FS_MAKE_REG | FS_REFER | FS_TRUNCATE)

int pb_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return abi > 0 && abi < 1000 ? (int)abi : 0; /* not built in, switched off at boot, or kept from us by an outer box */
}

/* What this kernel can forbid, all of it. */
static ruleset everything(int abi, bool network, size_t *size)
{
	ruleset r = {.fs = FS_FIRST};
	*size = sizeof r.fs;
	if (abi >= 2)
		r.fs |= FS_REFER;
	if (abi >= 3)
		r.fs |= FS_TRUNCATE;
	if (abi >= 5)
		r.fs |= FS_IOCTL_DEV;
	if (abi >= 4) {
		r.net = network ? NET_BIND : NET_ALL;
		*size += sizeof r.net;
	}
	if (abi >= 6) {
		r.scoped = SCOPED_ALL;
		*size += sizeof r.scoped;
	}
	return r;
}

static int allow(int rules, const char *folder, uint64_t wanted, uint64_t handled, pb_error *err)
{
	struct landlock_path_beneath_attr below = {.allowed_access = wanted & handled,
	                                           .parent_fd = open(folder, O_PATH | O_CLOEXEC)};
	struct stat st;
	int rc = 0;
	if (below.parent_fd < 0 && wanted == FS_READ && (errno == ENOENT || errno == EACCES || errno == ENOTDIR))
		return 0;
	if (below.parent_fd < 0)
		return pb_fail(err, PB_EIO, "box: %s: %s", folder, strerror(errno));
	if (fstat(below.parent_fd, &st) != 0 || !S_ISDIR(st.st_mode)) {
		if (wanted != FS_READ) {
			close(below.parent_fd);
			return pb_fail(err, PB_EIO, "box: %s: not a folder", folder);
		}
		below.allowed_access &= ~(uint64_t)LANDLOCK_ACCESS_FS_READ_DIR; /* the kernel refuses rights of folders on files */
	}
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) != 0)
		rc = pb_fail(err, PB_EIO, "box: Landlock: %s: %s", folder, strerror(errno));
	close(below.parent_fd);
	return rc;
}

int pb_wall_landlock(const pb_box_limits *limits, pb_error *err)
{
	int abi = pb_landlock_abi(), rc = 0;
	size_t size;
	ruleset all = everything(abi, limits->network, &size);
	if (abi == 0)
		return 0;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, size, 0);
	if (rules < 0)
		return pb_fail(err, PB_EIO, "box: Landlock: %s", strerror(errno));
	if (limits->folder)
		rc = allow(rules, limits->folder, FS_FOLDER, all.fs, err);
	for (size_t i = 0; limits->network && limits->also && limits->also[i] && !rc; i++)
		rc = allow(rules, limits->also[i], FS_FOLDER, all.fs, err);
	for (size_t i = 0; limits->network && limits->readable && limits->readable[i] && !rc; i++)
		rc = allow(rules, limits->readable[i], FS_READ, all.fs, err);
	if (!rc && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		rc = pb_fail(err, PB_EIO, "box: Landlock: %s", strerror(errno));
	close(rules);
	return rc;
}
