/* Names that mean something to us: what decodes, what runs a text as code, and whose calls are told. A name counts whole, or as
 * the end of a dotted one where it begins with a dot here; one that ends with a dot stands for all below it. */
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "facts/code.h"

enum { JS = PB_JAVASCRIPT, PY = PB_PYTHON, PHP = PB_PHP, RB = PB_RUBY, PL = PB_PERL, SH = PB_SHELL, PS = PB_POWERSHELL };

static const struct decoder {
	const char *name;
	unsigned languages;
	pb_decoder how;
} decoders[] = {
    {"atob", JS, PB_DECODE_BASE64},
    {".fromCharCode", JS, PB_DECODE_CODES},
    {".fromCodePoint", JS, PB_DECODE_CODES},
    {"unescape", JS, PB_DECODE_PERCENT},
    {"decodeURIComponent", JS, PB_DECODE_PERCENT},
    {"decodeURI", JS, PB_DECODE_PERCENT},
    {"Buffer", JS, PB_DECODE_NAMED},
    {"Buffer.from", JS, PB_DECODE_NAMED},
    {"buffer.Buffer.from", JS, PB_DECODE_NAMED},
    {"String", JS, PB_DECODE_SAME},
    {"zlib.", JS, PB_DECODE_OTHER},
    {"base64.b64decode", PY, PB_DECODE_BASE64},
    {"base64.urlsafe_b64decode", PY, PB_DECODE_BASE64},
    {"base64.standard_b64decode", PY, PB_DECODE_BASE64},
    {"base64.decodebytes", PY, PB_DECODE_BASE64},
    {"binascii.a2b_base64", PY, PB_DECODE_BASE64},
    {"binascii.unhexlify", PY, PB_DECODE_HEX},
    {"base64.b16decode", PY, PB_DECODE_HEX},
    {"bytes.fromhex", PY, PB_DECODE_HEX},
    {"bytearray.fromhex", PY, PB_DECODE_HEX},
    {"chr", PY, PB_DECODE_CODES},
    {"bytes", PY, PB_DECODE_BYTES},
    {"bytearray", PY, PB_DECODE_BYTES},
    {"codecs.decode", PY, PB_DECODE_NAMED},
    {"str", PY, PB_DECODE_SAME},
    {"map", PY, PB_DECODE_MAP},
    {"urllib.parse.unquote", PY, PB_DECODE_PERCENT},
    {"reversed", PY, PB_DECODE_REVERSE},
    {"base64.b32decode", PY, PB_DECODE_OTHER},
    {"base64.b85decode", PY, PB_DECODE_OTHER},
    {"base64.a85decode", PY, PB_DECODE_OTHER},
    {"zlib.decompress", PY, PB_DECODE_OTHER},
    {"gzip.decompress", PY, PB_DECODE_OTHER},
    {"bz2.decompress", PY, PB_DECODE_OTHER},
    {"lzma.decompress", PY, PB_DECODE_OTHER},
    {"marshal.loads", PY, PB_DECODE_OTHER},
    {"cryptography.fernet.Fernet", PY, PB_DECODE_OTHER},
    {"base64_decode", PHP, PB_DECODE_BASE64},
    {"hex2bin", PHP, PB_DECODE_HEX},
    {"chr", PHP, PB_DECODE_CODES},
    {"strrev", PHP, PB_DECODE_REVERSE},
    {"str_rot13", PHP, PB_DECODE_ROT13},
    {"implode", PHP, PB_DECODE_JOIN},
    {"join", PHP, PB_DECODE_JOIN},
    {"urldecode", PHP, PB_DECODE_PERCENT},
    {"rawurldecode", PHP, PB_DECODE_PERCENT},
    {"pack", PHP, PB_DECODE_PACK},
    {"gzinflate", PHP, PB_DECODE_OTHER},
    {"gzuncompress", PHP, PB_DECODE_OTHER},
    {"gzdecode", PHP, PB_DECODE_OTHER},
    {"convert_uudecode", PHP, PB_DECODE_OTHER},
    {"Base64.decode64", RB, PB_DECODE_BASE64},
    {"Base64.strict_decode64", RB, PB_DECODE_BASE64},
    {"Base64.urlsafe_decode64", RB, PB_DECODE_BASE64},
    {"Zlib.", RB, PB_DECODE_OTHER},
    {"Marshal.load", RB, PB_DECODE_OTHER},
    {"decode_base64", PL, PB_DECODE_BASE64},
    {"MIME.Base64.decode_base64", PL, PB_DECODE_BASE64},
    {"chr", PL, PB_DECODE_CODES},
    {"reverse", PL, PB_DECODE_REVERSE},
    {"pack", PL, PB_DECODE_PACK},
    {"join", PL, PB_DECODE_JOIN},
    {"unpack", PL, PB_DECODE_OTHER},
    {".FromBase64String", PS, PB_DECODE_BASE64},
    {".GetString", PS, PB_DECODE_SAME},
};

static const struct known {
	unsigned list;
	unsigned languages;
	const char *names; /* separated by blanks */
} lists[] = {
    {PB_KNOWN_RUNS, JS, "eval Function vm. setTimeout setInterval execScript"},
    {PB_KNOWN_RUNS, PY, "eval exec compile builtins.exec builtins.eval"},
    {PB_KNOWN_RUNS, PHP, "eval assert create_function preg_replace"},
    {PB_KNOWN_RUNS, RB, "eval instance_eval class_eval module_eval .instance_eval .class_eval"},
    {PB_KNOWN_RUNS, PL, "eval"},
    {PB_KNOWN_RUNS, PS, "iex invoke-expression"},
    {PB_KNOWN_TOLD, JS,
     "child_process. fs. fs/promises. http. https. http2. net. dgram. dns. tls. vm. os. worker_threads. axios axios. fetch "
     "XMLHttpRequest .sendBeacon WebSocket ws eval Function execScript process.binding process.dlopen process.kill "
     "electron. node-fetch request request. got got. needle. superagent. ssh2. keytar. clipboardy."},
    {PB_KNOWN_TOLD, PY,
     "os. subprocess. socket. urllib. urllib2. urllib3. requests. httpx. aiohttp. http. ftplib. smtplib. paramiko. telnetlib. "
     "ctypes. pty. shutil. importlib. runpy. marshal. pickle. eval exec compile builtins. open winreg. _winreg. win32. "
     "win32crypt. "
     "pynput. keyboard. pyautogui. pyperclip. mss. cv2.VideoCapture browser_cookie3. keyring. webbrowser. platform. getpass. "
     "telegram. discord. sqlite3. cryptography. Crypto."},
    {PB_KNOWN_TOLD, PHP,
     "eval assert create_function system exec shell_exec passthru popen proc_open pcntl_exec fsockopen pfsockopen "
     "stream_socket_client curl_init curl_setopt file_get_contents file_put_contents fopen mail move_uploaded_file "
     "call_user_func "
     "call_user_func_array preg_replace unserialize dl putenv ini_set `"},
    {PB_KNOWN_TOLD, RB,
     "eval instance_eval system exec spawn syscall fork open load IO. Kernel. Open3. Net. URI. Socket. TCPSocket. TCPServer. "
     "UDPSocket. "
     "File. FileUtils. Marshal. PTY. Fiddle. `"},
    {PB_KNOWN_TOLD, PL, "eval system exec open fork socket connect syscall unlink LWP. HTTP. IO.Socket. Net. qx `"},
    {PB_KNOWN_TOLD, SH,
     "eval exec source . chmod chown rm su git apt apt-get yum dnf adduser addgroup deluser kill killall pkill unset xattr "
     "tee cp mv ln install sed dd touch tar zip cat systemctl update-rc.d make mount"},
    {PB_KNOWN_SPAWNS, SH,
     "curl wget fetch aria2c nc ncat netcat nc.traditional nc.openbsd socat telnet bash sh zsh dash ksh ash fish python python2 "
     "python3 perl ruby php node nodejs bun deno lua osascript base64 openssl xxd crontab launchctl useradd usermod groupmod "
     "passwd chpasswd apt-key visudo ssh scp sftp rsync ftp tftp lftp mkfifo insmod modprobe setenforce history spctl security defaults "
     "at nslookup dig host iptables ufw auditctl npm npx yarn pnpm pip pip3 gem cargo docker aws gcloud az gh"},
    {PB_KNOWN_TOLD, PS,
     "iex invoke-expression invoke-webrequest iwr curl wget invoke-restmethod irm start-bitstransfer start-process saps "
     "new-object set-itemproperty new-itemproperty register-scheduledtask new-scheduledtask schtasks reg add-mppreference "
     "set-mppreference add-type import-module invoke-command set-executionpolicy powershell pwsh cmd rundll32 regsvr32 mshta "
     "certutil bitsadmin net sc get-clipboard .DownloadString .DownloadFile .DownloadData .UploadString .UploadFile "
     ".UploadData "
     ".FromBase64String .Load .Invoke .Create .TcpClient"},
    {PB_KNOWN_SPAWNS, JS, "child_process. process.dlopen"},
    {PB_KNOWN_SPAWNS, PY,
     "os.system os.popen os.exec os.execv os.execve os.execvp os.execl os.spawnl os.spawnv os.startfile subprocess. pty.spawn "
     "runpy. "
     "marshal.loads ctypes.windll. ctypes.CDLL"},
    {PB_KNOWN_SPAWNS, PHP, "system exec shell_exec passthru popen proc_open pcntl_exec `"},
    {PB_KNOWN_SPAWNS, RB, "system exec spawn syscall Open3. PTY.spawn Kernel.system Kernel.exec Kernel.spawn Fiddle. `"},
    {PB_KNOWN_SPAWNS, PL, "system exec qx `"},
    {PB_KNOWN_SPAWNS, PS, "start-process saps .Load .Invoke add-type powershell pwsh"},
    {PB_KNOWN_LOADS, JS, "require import module.require process.mainModule.require"},
    {PB_KNOWN_LOADS, PY, "__import__ importlib.import_module importlib.__import__"},
    {PB_KNOWN_LOADS, PHP, "include include_once require require_once"},
    {PB_KNOWN_LOADS, RB, "require require_relative load"},
    {PB_KNOWN_UNTOLD, PY,
     "os.path.join os.path.dirname os.path.basename os.path.abspath os.path.splitext os.path.normpath os.path.realpath "
     "os.path.split os.path.relpath os.path.isabs os.path.normcase os.linesep os.fspath urllib.parse.quote "
     "urllib.parse.unquote"},
};

/* All of them by language and first byte in lower case, so that most names are compared with nothing. */
enum { ENTRIES = 800, LANGUAGES = 7 };

static struct entry {
	const char *pattern;
	size_t n;
	unsigned list; /* 0: a decoder */
	pb_decoder how;
	int next; /* of the same first byte; -1: none */
} entries[ENTRIES];
static size_t n_entries;
static int first_entry[LANGUAGES][256];

static uint8_t lower(char c)
{
	return (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static void add_entry(unsigned language, struct entry e)
{
	int *first = &first_entry[__builtin_ctz(language)][lower(e.pattern[0])];
	if (n_entries == ENTRIES)
		return;
	e.next = *first;
	*first = (int)n_entries;
	entries[n_entries++] = e;
}

static void index_all(void)
{
	memset(first_entry, -1, sizeof first_entry);
	for (size_t i = 0; i < sizeof decoders / sizeof decoders[0]; i++)
		add_entry(decoders[i].languages,
		          (struct entry){decoders[i].name, strlen(decoders[i].name), 0, decoders[i].how, -1});
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		for (const char *p = lists[i].names; *p;) {
			size_t n = strcspn(p, " ");
			add_entry(lists[i].languages, (struct entry){p, n, lists[i].list, PB_DECODE_NONE, -1});
			p += n + (p[n] == ' ');
		}
}

static void look_in(int from, bool any_case, const char *name, size_t size, pb_known *out)
{
	for (int i = from; i >= 0; i = entries[i].next) {
		const struct entry *e = &entries[i];
		if (size < e->n)
			continue;
		bool below = e->n > 1 && e->pattern[e->n - 1] == '.', end = e->n > 1 && e->pattern[0] == '.';
		const char *part = end ? name + size - e->n : name;
		if (!(below ? size > e->n : end || size == e->n))
			continue;
		if ((any_case ? strncasecmp(e->pattern, part, e->n) : memcmp(e->pattern, part, e->n)) == 0) {
			out->lists |= e->list;
			out->how = e->list ? out->how : e->how;
		}
	}
}

pb_known pb_code_known(pb_language language, const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pb_known out = {0, PB_DECODE_NONE};
	size_t size = strlen(name);
	bool any_case = language & (PB_PHP | PB_POWERSHELL);

	pthread_once(&once, index_all);
	const int *first = first_entry[__builtin_ctz(language)];
	if (name[0] != '.')
		look_in(first[lower(name[0])], any_case, name, size, &out);
	if (memchr(name, '.', size))
		look_in(first['.'], any_case, name, size, &out);
	if (out.lists & PB_KNOWN_UNTOLD)
		out.lists &= ~(unsigned)PB_KNOWN_TOLD;
	if (out.lists & PB_KNOWN_RUNS)
		out.lists |= PB_KNOWN_SPAWNS;
	return out;
}
